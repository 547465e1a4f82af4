import { createPinia } from 'pinia'
import { createApp } from 'vue'
import '../kit/tokens.css'
import './styles/base.css'
import './styles/page.css'
import { onLoggedOut } from './api/http.ts'
import Console from './Console.vue'
import { createConsoleRouter } from './router.ts'
import { explain, useNotices } from './stores/notices.ts'
import { useSession } from './stores/session.ts'
import { preferredLanguage, speak } from './words.ts'

const app = createApp(Console)
app.use(createPinia())
const session = useSession()
const isKnown = document.documentElement.dataset['session'] === 'staff'
await Promise.all([speak(preferredLanguage()), isKnown && session.restore()])

const router = createConsoleRouter()
app.use(router)
app.config.errorHandler = (error) => {
  useNotices().say(explain(error), 'bad')
  console.error(error)
}
// A fresh page forgets what was shown, and closes the socket with it.
onLoggedOut(() => {
  if (session.me)
    location.assign(`/console/login?next=${encodeURIComponent(router.currentRoute.value.fullPath)}`)
})
app.mount('#app')
