import { openOrder } from '../api/conversations.ts'
import { useInbox } from '../stores/inbox.ts'
import { attempt } from '../stores/notices.ts'
import { useOrder } from '../stores/order.ts'

/** Opens an order for this customer, in the shop's currency unless another is named, and shows it. */
export async function openNewOrder(conversationId: string, currency?: string): Promise<void> {
  await attempt(async () => {
    const opened = await openOrder(conversationId, currency)
    const order = useOrder()
    await order.open(opened.id)
    useInbox().refresh(conversationId)
  })
}
