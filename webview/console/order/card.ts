import { copyText } from '../../kit/copy.ts'
import * as api from '../api/orders.ts'
import { attempt, useNotices } from '../stores/notices.ts'
import { useOrder } from '../stores/order.ts'
import { t } from '../words.ts'

/** Bringing the order to the customer: by card, or by a link for somewhere else. */
export function useCard() {
  const store = useOrder()

  async function send(): Promise<void> {
    if (store.busy) return
    const sent = await store.change((order) => api.sendCard(order.id, order.version))
    if (sent) useNotices().say(t('card.isSent'))
  }

  async function copyLink(): Promise<void> {
    const id = store.id
    if (!id) return
    await attempt(async () => {
      const { url } = await api.makeLink(id)
      const copied = await copyText(url)
      useNotices().say(copied ? t('card.copied') : url, copied ? 'good' : 'plain')
    })
  }

  return { send, copyLink }
}
