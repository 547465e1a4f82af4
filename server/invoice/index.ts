import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import { decimal } from '../../models/money.ts'
import type { Order } from '../../models/order.ts'
import { findIntegration, type Integration } from '../auth/index.ts'
import { AppError, type Call, Reply, type Route, route } from '../http/index.ts'
import { readPaymentType, typeOfGateway } from './banks.ts'
import { checkOut } from './checkout.ts'
import { regNoOf } from './find.ts'
import { Checkout, NumberWish, Query, Registration, Validation } from './input.ts'
import { giveRegNumber } from './reg-numbers.ts'
import { registerPayment } from './register.ts'
import { invoiceTypeOf, invoiceTypes, writeType } from './types.ts'
import { validatePayment } from './validate.ts'

type Ask<Body> = Call<unknown, z.output<typeof Query>, Body>

/** Every failure of this API looks like this one. */
const failure = (message: string) => ({ status: 0, data: null, message })

/** The API of seed 4, for programs of other people that sell through this shop. Each call carries their token. */
export const routes: Route[] = [
  v1(
    'gen-reg-no',
    'A number for an invoice, drawn or counted on',
    NumberWish,
    async (integration, { body }) => ({
      status: 1,
      data: await giveRegNumber(integration, {
        typeId: body.RegNumTypeId,
        typeName: body.RegNumTypeName,
        randomMode: body.random_mode,
      }),
      message: 'Pred Reg_no generation',
    }),
  ),

  v1(
    'checkout-sale-order-inv',
    'Opens an order that awaits payment (type 13)',
    Checkout,
    async (integration, call) => {
      const { body, query, ip } = call
      const type = query.online_payment_type ?? body.online_payment_type
      const order = await checkOut(integration, body.orderInv ?? body, type, ip)
      const total = order.lines.length
      return new Reply(201, {
        status: 1,
        data: writeInvoice(order),
        message: 'Order invoice checkout',
        total,
      })
    },
  ),

  v1(
    'order-payment-register-request',
    'Registers an invoice at its bank: the bank’s answer, and where the customer pays',
    Registration,
    async (integration, { body, query, ip }) => {
      const type = readPaymentType(query.online_payment_type, body.online_payment_type)
      const wish = { regNo: regNoOf(body), guid: body.RpAccGuid, total: body.TotalPrice, type, ip }
      const { order, payment, checkoutUrl, orderId } = await registerPayment(integration, wish)
      const data = {
        ...payment.answer,
        checkout_url: checkoutUrl,
        OrderId: orderId,
        online_payment_type: typeOfGateway(payment.gateway),
      }
      const { OInvRegNo, RegNo, TotalPrice } = writeInvoice(order)
      const OrderDesc = body.OrderDesc ?? ''
      return { status: 1, data, RegNo, OInvRegNo, TotalPrice, OrderDesc, message: 'Payment register request' }
    },
  ),

  v1(
    'order-inv-validation',
    'Asks the bank, and says whether an invoice is paid: status 1 and nothing else',
    Validation,
    async (integration, { body, query }) => {
      const { paid, order, payment } = await validatePayment(integration, {
        regNo: regNoOf(body),
        guid: body.RpAccGuid,
        orderId: body.OrderId,
        type: readPaymentType(query.online_payment_type, body.online_payment_type),
      })
      if (!paid) return failure(`The invoice ${order.regNo} is not paid: ${payment.state}.`)
      const orderId = payment.refs.find(({ kind }) => kind === 'order')?.value
      const named = { OrderId: orderId, online_payment_type: typeOfGateway(payment.gateway) }
      return {
        status: 1,
        data: { ...payment.answer, ...writeInvoice(order), ...named },
        message: 'Validation success',
      }
    },
  ),
]

function v1<Body extends z.ZodType>(
  name: string,
  summary: string,
  body: Body,
  answer: (integration: Integration, call: Ask<z.output<Body>>) => Promise<unknown>,
): Route {
  return route({
    method: 'POST',
    path: `/api/v1/${name}/`,
    access: 'anyone',
    summary,
    query: Query,
    body,
    rate: 600,
    errorBody: failure,
    handler: async (call) => answer(await requireIntegration(call.headers), call),
  })
}

async function requireIntegration(headers: IncomingHttpHeaders): Promise<Integration> {
  const integration = await findIntegration(headers, 'invoices')
  if (integration) return integration
  throw new AppError(
    'access.token',
    'Send the token of an integration as Authorization: Bearer or x-access-token. An admin issues one in the console.',
    { status: 401 },
  )
}

/** An order as the contract shows an invoice. One that was just checked out awaits its payment. */
function writeInvoice(order: Order) {
  const { regNo, note, currency, totals, lines, state } = order
  const money = (amount: number): number => Number(decimal(amount, currency))
  return {
    ...writeType(invoiceTypeOf(state) ?? invoiceTypes.awaiting),
    RegNo: regNo,
    OInvRegNo: regNo,
    OInvDesc: note,
    CurrencyCode: currency,
    OInvTotal: money(totals.items),
    OInvDiscountAmount: money(totals.discount),
    OInvFTotal: money(totals.total),
    TotalPrice: money(totals.total),
    OrderInvLines: lines.map(({ productNumber, name, quantity, unitPrice }) => ({
      ResId: productNumber,
      ResName: name,
      OInvLineAmount: quantity,
      OInvLinePrice: money(unitPrice),
      OInvLineTotal: money(unitPrice * quantity),
    })),
  }
}
