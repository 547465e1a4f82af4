import { consume } from '../broker/index.ts'
import { orderMail } from './order-mail.ts'
import { sendMail } from './send-mail.ts'

/** Mails that follow from what happened to an order. Each is sent once, however often its message comes. */
export function reactByMail(): void {
  consume('notification', 'notify.order', async ({ orderId, response }) => {
    if (response === 'SUCCESS') await receipt(orderId)
  })
  consume('notification', 'order.sent', ({ orderId }) => sent(orderId))
  consume('notification', 'order.canceled', ({ orderId, reason, refunded }) =>
    canceled(orderId, reason, refunded),
  )
  consume('notification', 'payment.refunded', ({ orderId, opId, amount }) => refunded(orderId, opId, amount))
}

async function receipt(orderId: string): Promise<void> {
  const mail = await orderMail(orderId)
  if (!mail) return
  const { to, language, name, order, facts, tickets, ticketsOnly } = mail
  await sendMail({
    event: `receipt:${orderId}`,
    to,
    language,
    template: 'receipt',
    data: { regNo: order.regNo, name, order, facts, tickets, ticketsOnly },
  })
}

async function sent(orderId: string): Promise<void> {
  const mail = await orderMail(orderId)
  if (!mail) return
  const { to, language, name, order, parcel } = mail
  await sendMail({
    event: `sent:${orderId}`,
    to,
    language,
    template: 'sent',
    data: { regNo: order.regNo, name, order, ...parcel },
  })
}

async function canceled(orderId: string, reason: string, moneyComesBack: boolean): Promise<void> {
  const mail = await orderMail(orderId)
  if (!mail) return
  const { to, language, name, order, say } = mail
  await sendMail({
    event: `canceled:${orderId}`,
    to,
    language,
    template: 'canceled',
    data: {
      regNo: order.regNo,
      name,
      order,
      moneyComesBack,
      facts: reason ? [{ label: say('reason'), value: reason }] : [],
    },
  })
}

async function refunded(orderId: string, opId: string, amount: number): Promise<void> {
  const mail = await orderMail(orderId)
  if (!mail) return
  const { to, language, name, order, money, say } = mail
  await sendMail({
    event: `refunded:${opId}`,
    to,
    language,
    template: 'refunded',
    data: {
      regNo: order.regNo,
      name,
      order,
      amount: money(amount),
      moneyComesBack: true,
      facts: [{ label: say('amount'), value: money(amount) }],
    },
  })
}
