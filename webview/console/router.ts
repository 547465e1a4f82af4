import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router'
import type { StaffRole } from '../../server/auth/contract.ts'
import { useSession } from './stores/session.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Open to whoever is not logged in. */
    outside?: boolean
    /** The role from which the page is of use; the server refuses the rest anyway. */
    role?: StaffRole
  }
}

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/inbox' },
  { path: '/login', component: () => import('./pages/LoginPage.vue'), meta: { outside: true } },
  { path: '/forgot', component: () => import('./pages/ForgotPage.vue'), meta: { outside: true } },
  { path: '/reset', component: () => import('./pages/PasswordPage.vue'), meta: { outside: true } },
  { path: '/join', component: () => import('./pages/PasswordPage.vue'), meta: { outside: true } },
  { path: '/inbox/:conversationId?', name: 'inbox', component: () => import('./pages/InboxPage.vue') },
  { path: '/orders', component: () => import('./pages/OrdersPage.vue') },
  { path: '/orders/:orderId', component: () => import('./pages/OrderPage.vue') },
  { path: '/pack', component: () => import('./pages/PackPage.vue') },
  { path: '/check-in', component: () => import('./pages/CheckInPage.vue') },
  { path: '/tasks', component: () => import('./pages/TasksPage.vue') },
  { path: '/products', component: () => import('./pages/ProductsPage.vue') },
  { path: '/products/:productId', component: () => import('./pages/ProductPage.vue') },
  { path: '/delivery', component: () => import('./pages/DeliveryPage.vue'), meta: { role: 'manager' } },
  { path: '/settings', component: () => import('./pages/SettingsPage.vue'), meta: { role: 'manager' } },
  { path: '/staff', component: () => import('./pages/StaffPage.vue') },
  { path: '/ready', component: () => import('./pages/ReadyPage.vue'), meta: { role: 'manager' } },
  { path: '/money', component: () => import('./pages/MoneyPage.vue'), meta: { role: 'manager' } },
  {
    path: '/reconciliation',
    component: () => import('./pages/ReconciliationPage.vue'),
    meta: { role: 'manager' },
  },
  {
    path: '/integrations',
    component: () => import('./pages/IntegrationsPage.vue'),
    meta: { role: 'admin' },
  },
  { path: '/audit', component: () => import('./pages/AuditPage.vue'), meta: { role: 'manager' } },
  { path: '/account', component: () => import('./pages/AccountPage.vue') },
  { path: '/more', component: () => import('./pages/MorePage.vue') },
  { path: '/:rest(.*)*', component: () => import('./pages/LostPage.vue') },
]

/** The addresses of the console; each page is fetched when it is first opened. */
export function createConsoleRouter() {
  const router = createRouter({ history: createWebHistory('/console'), routes })
  router.beforeEach((to) => {
    const session = useSession()
    if (!session.me && !to.meta.outside) {
      return { path: '/login', query: to.fullPath === '/inbox' ? {} : { next: to.fullPath } }
    }
    if (session.me && to.path === '/login') return '/inbox'
    if (to.meta.role && !session.may(to.meta.role)) return '/inbox'
    return true
  })
  loadAnewAfterUpdate(router)
  return router
}

/** The shop was updated while this window was open: the pages of then are gone, those of now come with a fresh load. */
function loadAnewAfterUpdate(router: Router): void {
  let missing = false
  window.addEventListener('vite:preloadError', () => {
    missing = true
  })
  router.onError(async (_error, to, from) => {
    // Not at the first page of a fresh load, which would only be the same again.
    if (!missing || !from.matched.length) return
    const answers = await fetch('/health').then(
      ({ ok }) => ok,
      () => false,
    )
    if (answers) location.assign(router.resolve(to).href)
  })
}
