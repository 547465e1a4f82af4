import { openOrder } from '../api/conversations.ts'
import { useInbox } from '../stores/inbox.ts'
import { attempt } from '../stores/notices.ts'
import { useOrder } from '../stores/order.ts'

/** By the conversation: what was asked for and not answered yet. Asked again, it is the same order. */
const asked = new Map<string, string>()

/** Opens an order for this customer, in the shop's currency unless another is named, and shows it. */
export async function openNewOrder(conversationId: string, currency?: string): Promise<void> {
  await attempt(async () => {
    const clientId = asked.get(conversationId) ?? crypto.randomUUID()
    asked.set(conversationId, clientId)
    const opened = await openOrder(conversationId, clientId, currency)
    asked.delete(conversationId)
    const order = useOrder()
    await order.open(opened.id)
    useInbox().refresh(conversationId)
  })
}
