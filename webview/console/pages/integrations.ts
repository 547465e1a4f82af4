import { onMounted, ref } from 'vue'
import { copyText } from '../../kit/copy.ts'
import * as api from '../api/integrations.ts'
import { useForm } from '../parts/form.ts'
import { attempt, useNotices } from '../stores/notices.ts'
import { t } from '../words.ts'

/** The tokens of other programs, and what an admin may do about them. */
export function useIntegrations() {
  const rows = ref<api.IntegrationView[]>([])
  const loaded = ref(false)

  async function load(): Promise<void> {
    rows.value = (await attempt(api.listIntegrations)) ?? rows.value
    loaded.value = true
  }
  onMounted(load)

  async function revoke(id: string): Promise<void> {
    if (await attempt(() => api.revokeToken(id))) useNotices().say(t('integrations.revokedNow'))
    await load()
  }

  return { rows, loaded, load, revoke }
}

/** Issuing a token: its text is there until the dialog closes, and never again. */
export function useNewToken(issued: () => void) {
  const name = ref('')
  const token = ref('')
  const { busy, refusal, send } = useForm()

  async function issue(): Promise<void> {
    const done = await send(async () => {
      token.value = (await api.issueToken(name.value.trim())).token
    })
    if (done) issued()
  }

  async function copy(): Promise<void> {
    if (await copyText(token.value)) useNotices().say(t('integrations.copied'))
  }

  return { name, token, busy, refusal, issue, copy }
}
