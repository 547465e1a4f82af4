import assert from 'node:assert/strict'
import { type Product, Products } from '../../models/store.ts'
import type { IssuedToken } from '../../server/auth/contract.ts'
import { type Answer, expectStatus } from './client.ts'
import type { StaffMember } from './people.ts'
import { aProduct, type Story } from './story.ts'

export interface Body {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: another contract's words, looked at one by one
  data: any
  message: string
  [key: string]: unknown
}
type Goods = Product & { sku: string }

/** A program of somebody's own that sells through `/api/v1`: a web shop, or a cash desk. */
export type Program = ReturnType<typeof aProgram>

/** One that has this token, and sells a piece of this product for 17.50 manat. */
export function aProgram(shop: Story, token: string, product: Goods) {
  const call = (path: string, body: object, headers: Record<string, string> = { 'x-access-token': token }) =>
    shop.browser().post<Body>(`/api/v1/${path}`, body, { headers })
  const giveNumber = async () =>
    (await success(call('gen-reg-no/', { RegNumTypeId: 9, random_mode: 1 }))).data
  const invoice = (regNo: string, more: object = {}) => ({
    orderInv: {
      OInvTypeId: 13,
      OInvRegNo: regNo,
      OrderInvLines: [{ ResId: product.number, OInvLineAmount: 1, OInvLinePrice: 17.5 }],
      ...more,
    },
  })
  return {
    token,
    call,
    giveNumber,
    invoice,
    /** An invoice that awaits its payment; answers its number. */
    async checkedOut(): Promise<string> {
      const regNo = await giveNumber()
      await success(call('checkout-sale-order-inv/', invoice(regNo)))
      return regNo
    },
    register: (RegNo: string, bank = 'halkbank', TotalPrice: unknown = 17.5) =>
      call(`order-payment-register-request/?online_payment_type=${bank}`, {
        RegNo,
        TotalPrice,
        OrderDesc: 'Description text',
      }),
    validate: (regNo: string, OrderId?: string, bank = 'halkbank') =>
      call('order-inv-validation/', { OrderId, OInvRegNo: regNo, online_payment_type: bank }),
  }
}

/** An admin issues a token for a program of this name. */
export const issueTo = async (admin: StaffMember, name: string): Promise<string> =>
  (await expectStatus(200, admin.post<IssuedToken>('/api/integrations', { name }))).token

/** Goods with a price in hundredths of a manat. */
export async function inManat(price: number, available = 10): Promise<Goods> {
  const made = await aProduct({ available })
  await Products.updateOne({ _id: made._id }, { $set: { 'prices.TMT': price } })
  return { ...made, prices: { ...made.prices, TMT: price } }
}

/** The body of an answer that says that it was done. */
export async function success(answer: Promise<Answer<Body>>): Promise<Body> {
  const { body, text } = await answer
  assert.equal(body.status, 1, text)
  return body
}

/** Why it was refused, in the contract's own words. */
export async function failure(status: number, answer: Promise<Answer<Body>>): Promise<string> {
  const got = await answer
  assert.equal(got.status, status, got.text)
  assert.deepEqual(Object.keys(got.body).toSorted(), ['data', 'message', 'status'])
  assert.deepEqual([got.body.status, got.body.data], [0, null])
  assert.ok(got.body.message.length > 10)
  return got.body.message
}
