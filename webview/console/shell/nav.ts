import type { StaffRole } from '../api/auth.ts'
import type { IconName } from '../parts/icons.ts'
import type { Word } from '../words.ts'

export interface Place {
  to: string
  word: Word
  icon: IconName
  role?: StaffRole
}

/** What staff use all day. */
export const dailyPlaces: Place[] = [
  { to: '/inbox', word: 'nav.inbox', icon: 'inbox' },
  { to: '/orders', word: 'nav.orders', icon: 'receipt' },
  { to: '/pack', word: 'nav.pack', icon: 'box' },
  { to: '/tasks', word: 'nav.tasks', icon: 'tasks' },
  { to: '/products', word: 'nav.products', icon: 'tag' },
]

/** What is set up now and then. */
export const setupPlaces: Place[] = [
  { to: '/check-in', word: 'nav.checkIn', icon: 'ticket' },
  { to: '/delivery', word: 'nav.delivery', icon: 'truck', role: 'manager' },
  { to: '/settings', word: 'nav.settings', icon: 'settings', role: 'manager' },
  { to: '/staff', word: 'nav.staff', icon: 'people' },
  { to: '/ready', word: 'nav.ready', icon: 'rocket', role: 'manager' },
  { to: '/money', word: 'nav.money', icon: 'card', role: 'manager' },
  { to: '/reconciliation', word: 'nav.reconciliation', icon: 'checks', role: 'manager' },
  { to: '/integrations', word: 'nav.integrations', icon: 'link', role: 'admin' },
  { to: '/audit', word: 'nav.audit', icon: 'clock', role: 'manager' },
]
