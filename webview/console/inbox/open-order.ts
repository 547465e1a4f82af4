import { openOrder } from '../api/conversations.ts'
import { useInbox } from '../stores/inbox.ts'
import { attempt } from '../stores/notices.ts'
import { useOrder } from '../stores/order.ts'

/** Opens an order for this customer and shows it. */
export async function openNewOrder(conversationId: string): Promise<void> {
  await attempt(async () => {
    const opened = await openOrder(conversationId)
    const order = useOrder()
    await order.open(opened.id)
    useInbox().refresh(conversationId)
  })
}
