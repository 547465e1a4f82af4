import { onMounted, ref } from 'vue'
import * as api from '../api/auth.ts'
import { useForm } from '../parts/form.ts'
import { attempt, useNotices } from '../stores/notices.ts'
import { useStaff } from '../stores/staff.ts'
import { t } from '../words.ts'

/** Everybody who works here, and what an admin may do about it. */
export function useTeam() {
  const staff = useStaff()
  onMounted(() => staff.load(true))

  async function change(id: string, wish: { role?: api.StaffRole; active?: boolean }): Promise<void> {
    const done = await attempt(() => api.changeStaff(id, wish))
    if (done) useNotices().say(t('saved'))
    await staff.load(true)
  }

  async function inviteAgain(id: string): Promise<void> {
    const done = await attempt(() => api.inviteAgain(id))
    if (done) useNotices().say(t('staff.invited', { email: done.email }))
  }

  return { staff, change, inviteAgain }
}

/** Inviting somebody by mail. */
export function useInvitation(done: () => void) {
  const email = ref('')
  const name = ref('')
  const role = ref<api.StaffRole>('agent')
  const { busy, refusal, send } = useForm()

  async function invite(): Promise<void> {
    const person = { email: email.value.trim(), name: name.value.trim(), role: role.value }
    const sent = await send(() => api.inviteStaff(person))
    if (!sent) return
    useNotices().say(t('staff.invited', { email: person.email }))
    await useStaff().load(true)
    done()
  }

  return { email, name, role, busy, refusal, invite }
}

/** One's own password. */
export function usePasswordChange() {
  const current = ref('')
  const next = ref('')
  const { busy, refusal, send } = useForm()

  async function change(): Promise<void> {
    const done = await send(() => api.changePassword(current.value, next.value))
    if (!done) return
    current.value = ''
    next.value = ''
    useNotices().say(t('account.changed'))
  }

  return { current, next, busy, refusal, change }
}
