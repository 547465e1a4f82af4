import { ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import * as api from '../api/auth.ts'
import { useForm } from '../parts/form.ts'
import { useSession } from '../stores/session.ts'
import { t } from '../words.ts'

/** Logging in, and going on to where one wanted to be. */
export function useLogin() {
  const route = useRoute()
  const router = useRouter()
  const username = ref('')
  const password = ref('')
  const { busy, refusal, send } = useForm()

  async function logIn(): Promise<void> {
    if (!username.value.trim() || !password.value) {
      refusal.value = t('login.missing')
      return
    }
    const done = await send(() => useSession().logIn(username.value.trim(), password.value))
    if (done) await router.push(placeAfter(route.query['next']))
  }

  return { username, password, busy, refusal, logIn }
}

/** Only a place of our own: an address with another host in it must not be followed. */
const placeAfter = (next: unknown): string =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/inbox'

/** Asking for a mail with a link to a new password. */
export function useForgot() {
  const email = ref('')
  const sent = ref(false)
  const { busy, refusal, send } = useForm()
  async function ask(): Promise<void> {
    sent.value = await send(() => api.forgotPassword(email.value.trim()))
  }
  return { email, sent, busy, refusal, ask }
}

/** Choosing a password with the link of a mail: after a reset, or to join. */
export function useNewPassword(purpose: 'reset' | 'join') {
  // Behind the #: the token never reaches a server's log. It leaves the address bar at once.
  const token = location.hash.slice(1)
  if (token) history.replaceState(history.state, '', location.pathname)
  const router = useRouter()
  const name = ref('')
  const password = ref('')
  const { busy, refusal, send } = useForm()

  async function choose(): Promise<void> {
    const done = await send(() =>
      purpose === 'join'
        ? api.join(token, password.value, name.value.trim())
        : api.resetPassword(token, password.value),
    )
    if (!done) return
    if (purpose === 'join') await useSession().restore()
    await router.push(purpose === 'join' ? '/inbox' : '/login')
  }

  return { hasToken: token !== '', name, password, busy, refusal, choose }
}

/** Logs out; the next page starts afresh. */
export async function leave(): Promise<void> {
  await useSession().logOut()
  location.assign('/console/login')
}
