import { Products } from '../../models/store.ts'
import { decide, paymentsOf } from './checkout.ts'
import { type Client, client } from './client.ts'
import { aProduct, type Buyer, type Story, startStory } from './story.ts'

/** 150,000 rupiah, in minor units. */
export const PRICE = 15_000_000

export const jakarta = {
  name: 'Budi Santoso',
  phone: '0812 3456 789',
  email: 'budi@example.com',
  line1: 'Jl. Sudirman 1',
  city: 'Jakarta',
  province: 'DKI Jakarta',
  postalCode: '10220',
}

/** A shop in Jakarta that is paid in rupiah. */
export async function startIpaymuShop(): Promise<Story> {
  const shop = await startStory()
  const rupiah = { currency: 'IDR', 'limits.refundAlone': 2 * PRICE }
  await decide({ ...rupiah, country: 'ID', language: 'en', languages: ['en', 'th'] })
  return shop
}

/** What customers do on the pages of their orders and at iPaymu. `shop` answers the shop once it is open. */
export function customersOf(shop: () => Story) {
  const knob = (name: string, value: boolean | number | string, times?: number) =>
    shop().sandbox.faults.set('ipaymu', name, value, times)

  async function anOrder(price = PRICE): Promise<Buyer> {
    const product = await aProduct({ name: 'Kopi Toraja' })
    await Products.updateOne({ _id: product._id }, { $set: { 'prices.IDR': price } })
    const { link } = await shop().order({ product })
    const buyer = await shop().open(link)
    buyer.cookies.set('language', 'en')
    return buyer
  }
  const page = (browser: Client, path: string) => browser.get(path, { headers: { accept: 'text/html' } })
  const send = (
    browser: Client,
    path: string,
    fields: Record<string, string>,
    type = 'application/x-www-form-urlencoded',
  ) =>
    browser.send('POST', path, {
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': type, origin: shop().settings.publicUrl },
    })
  async function press(buyer: Buyer, more: Record<string, string> = {}) {
    const { text } = await page(buyer, `/my/orders/${buyer.order.id}`)
    const fields = { ...hidden(text), ...jakarta, sending: 'courier Kerry', method: 'ipaymu ipaymu', ...more }
    return send(buyer, `/my/orders/${buyer.order.id}/pay`, fields)
  }
  const transactionsOf = async (buyer: Buyer) => {
    const ids = (await paymentsOf(buyer.order)).map(({ _id }) => String(_id))
    return shop()
      .sandbox.ipaymu.transactions()
      .filter(({ reference }) => ids.includes(reference ?? ''))
  }
  /** Presses a button on the gateway's page; answers where it sends the browser. */
  const atIpaymu = async (url: string, action: string, channel?: string) => {
    const body = new URLSearchParams({ action, ...(channel && { channel }) })
    const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    return answer.headers.get('location') ?? ''
  }
  const callback = (fields: Record<string, string>) => send(client(shop().url), '/ipaymu/callback', fields)
  const paid = async (buyer: Buyer, more: Record<string, string> = {}) => {
    const { headers } = await press(buyer, more)
    const url = headers.get('location') ?? ''
    return { url, back: await atIpaymu(url, 'pay', 'va bca') }
  }

  return { knob, anOrder, page, send, press, transactionsOf, atIpaymu, callback, paid }
}

/** What the browser would send with the form as it is on the page. */
export function hidden(html: string): Record<string, string> {
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value]))
}
