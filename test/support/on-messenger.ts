import assert from 'node:assert/strict'
import { Conversations } from '../../models/conversation.ts'
import type { Entry, Person } from '../../sandbox/messenger/types.ts'
import type { StaffOrderView } from '../../server/order/contract.ts'
import type { OrderView } from '../../server/pipeline/contract.ts'
import { expectStatus } from './client.ts'
import { pageSays } from './messenger.ts'
import { aProduct, type Story } from './story.ts'

/** What staff and people do about an order on Messenger. `shop` answers the shop once it is open. */
export function onMessenger(shop: () => Story) {
  /** Somebody who has written to the page, and the conversation with them. */
  async function somebody(firstName = 'Malee') {
    const { messenger } = shop().sandbox
    const person = messenger.createPerson({ firstName, locale: 'en_US' })
    await messenger.say(person.psid, 'hello')
    await messenger.waitFor(person.psid, ({ from }) => from === 'page')
    const conversation = await Conversations.findOne({ channel: 'messenger', externalId: person.psid }).lean()
    assert(conversation)
    return { person, conversation }
  }
  async function openOrder(conversationId: unknown, quantity = 2) {
    const opened = await expectStatus(
      200,
      shop().agent.post<StaffOrderView>(`/api/conversations/${conversationId}/orders`),
    )
    const product = await aProduct()
    const items = [{ productId: String(product._id), quantity }]
    return expectStatus(
      200,
      shop().agent.put<StaffOrderView>(`/api/orders/${opened.id}/items`, { version: opened.version, items }),
    )
  }
  async function cardOf(person: Person, order: StaffOrderView): Promise<string> {
    await expectStatus(200, shop().agent.post(`/api/orders/${order.id}/card`))
    const entry = await shop().sandbox.messenger.waitFor(person.psid, pageSays(order.regNo))
    const url = buttonsOf(entry).find((button) => button.url)?.url
    assert(url, JSON.stringify(entry.message))
    return url
  }
  const identify = (browser: ReturnType<Story['browser']>, orderId: string, signedRequest: string) =>
    browser.post<OrderView>(`/api/pipeline/${orderId}/identify`, { signedRequest })
  const linkOf = async (order: StaffOrderView) => {
    const { url } = await expectStatus(
      200,
      shop().agent.post<{ url: string }>(`/api/orders/${order.id}/link`),
    )
    return { link: new URL(url).pathname }
  }

  return { somebody, openOrder, cardOf, identify, linkOf }
}

/** The buttons of a card in the chat. */
export const buttonsOf = ({ message }: Entry) =>
  (
    message as {
      attachment?: { payload?: { buttons?: { url?: string; messenger_extensions?: boolean }[] } }
    }
  ).attachment?.payload?.buttons ?? []

export const isReceipt = ({ message }: Entry) => JSON.stringify(message).includes('"template_type":"receipt"')
