import type { Request, Response } from 'express'
import { fields } from '../checks.ts'
import { badParameter, GraphError, noSuchUser, outsideWindow, tooMany, unavailable } from '../errors.ts'
import { newMid } from '../ids.ts'
import { checkMessage } from '../messages.ts'
import { isWhitelisted, type MessengerService } from '../service.ts'
import type { Fields, Person } from '../types.ts'
import { bodyOf } from './http.ts'

const DAY = 24 * 3600_000
const actions = ['typing_on', 'typing_off', 'mark_seen', 'react', 'unreact']
const retired = ['CONFIRMED_EVENT_UPDATE', 'POST_PURCHASE_UPDATE', 'ACCOUNT_UPDATE']

/** `POST /{page}/messages`: a message or an action, to one person, inside the window. */
export function send(service: MessengerService) {
  const { world, page, webhook } = service
  const { faults, clock } = service.context

  return async (request: Request, response: Response): Promise<void> => {
    if (![page.pageId, 'me'].includes(String(request.params['page']))) {
      throw badParameter(
        `Unsupported post request. Object with ID '${String(request.params['page'])}' does not exist`,
        33,
      )
    }
    const body = bodyOf(request)
    const to = fields(body['recipient'], 'recipient')['id']
    if (typeof to !== 'string') throw badParameter('Param recipient[id] must be a string')
    const action = body['sender_action']
    if (action !== undefined) return act(to, String(action), body, response)

    const message = checkMessage(body['message'], (url) => isWhitelisted(service, url))
    refuseByKnob()
    const person = world.people.get(to)
    if (!person) throw noSuchUser()
    checkWindow(person, body)
    if (person.blocked) throw unavailable()
    if (person.owner !== 'shop') {
      throw new GraphError(10, 'Message not sent: another app controls this thread now.', {
        subcode: 2018300,
      })
    }
    checkReceipt(message)

    const { metadata, ...shown } = message
    const { mid } = world.show(to, { mid: newMid(), from: 'page', message: shown })
    const told = tellShop(to, mid, message)
    if (faults.take<boolean>('messenger', 'echoFirst')) await told
    answer(request, response, { recipient_id: to, message_id: mid })
  }

  function act(to: string, action: string, body: Fields, response: Response): void {
    if (!actions.includes(action)) throw badParameter('Param sender_action is not known')
    if (body['message'] !== undefined) throw badParameter('sender_action must be sent alone')
    const person = world.people.get(to)
    if (!person) throw noSuchUser()
    const chat = world.chat(to)
    if (action === 'mark_seen') chat.seenAt = clock.now()
    else chat.typing = action === 'typing_on'
    world.changed(to)
    response.json({ recipient_id: to })
  }

  /** 24 hours for everybody, seven days for people who answer; the tags of old are dead. */
  function checkWindow(person: Person, body: Fields): void {
    const { messaging_type: type, tag } = body
    if (!['RESPONSE', 'UPDATE', 'MESSAGE_TAG'].includes(String(type))) {
      throw badParameter('Param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG')
    }
    if ((type === 'MESSAGE_TAG') !== (tag !== undefined)) {
      throw badParameter('A tag goes with messaging_type MESSAGE_TAG, and only with it')
    }
    if (retired.includes(String(tag)))
      throw badParameter(`The message tag ${String(tag)} has been deprecated`)
    if (tag !== undefined && tag !== 'HUMAN_AGENT') throw badParameter('Invalid message tag')
    const age = clock.now() - (person.lastActionAt ?? Number.NEGATIVE_INFINITY)
    if (age > (tag ? 7 * DAY : DAY)) throw outsideWindow()
    if (tag && age <= DAY) throw badParameter('A message tag cannot be used inside the standard window')
  }

  function checkReceipt(message: Fields): void {
    const payload = (message['attachment'] as { payload?: Fields } | undefined)?.payload
    if (payload?.['template_type'] !== 'receipt') return
    const number = String(payload['order_number'])
    if (service.receipts.has(number))
      throw badParameter(`A receipt for order ${number} has been sent already`)
    service.receipts.add(number)
  }

  /** The echo, and that it arrived: each a webhook of its own, and in no promised order with the answer. */
  async function tellShop(psid: string, mid: string, message: Fields): Promise<void> {
    const at = clock.now()
    const sides = { sender: { id: page.pageId }, recipient: { id: psid }, timestamp: at }
    if (!faults.take<boolean>('messenger', 'echoLost')) {
      const { attachment, ...rest } = message
      const echo = {
        mid,
        is_echo: true,
        // A number, as Meta writes it, and not everywhere.
        app_id: Number(page.appId),
        ...rest,
        ...(attachment ? { attachments: [attachment] } : {}),
      }
      await webhook.emit('message_echoes', { ...sides, message: echo })
    }
    const mids = faults.get<boolean>('messenger', 'deliveryWithoutMids') ? {} : { mids: [mid] }
    await webhook.emit('message_deliveries', {
      sender: { id: psid },
      recipient: { id: page.pageId },
      timestamp: at,
      delivery: { ...mids, watermark: at },
    })
  }

  function refuseByKnob(): void {
    if (faults.take<boolean>('messenger', 'failBeforeAccepting')) {
      throw new GraphError(2, 'Service temporarily unavailable', { status: 500, transient: true })
    }
    if (faults.take<boolean>('messenger', 'transientError')) {
      throw new GraphError(1200, 'Temporary send message failure. Please try again later.', {
        transient: true,
      })
    }
    if (faults.take<boolean>('messenger', 'rateLimited')) throw tooMany()
    if (faults.take<boolean>('messenger', 'pageRestricted')) {
      throw new GraphError(10, 'The Page is temporarily restricted from sending messages.', {
        subcode: 1893063,
      })
    }
  }

  /** Everything has been done: what the caller hears of it is another matter. */
  function answer(request: Request, response: Response, body: object): void {
    if (faults.take<boolean>('messenger', 'neverAnswer')) return
    if (faults.take<boolean>('messenger', 'hangUpAfterAccepting')) return void request.socket.destroy()
    if (faults.take<boolean>('messenger', 'failAfterAccepting')) {
      throw new GraphError(1, 'An unknown error occurred', { status: 500 })
    }
    response.json(body)
  }
}
