import { randomBytes } from 'node:crypto'
import { isLoopback } from '../../context.ts'
import { address } from '../checks.ts'
import { badParameter, GraphError } from '../errors.ts'
import type { MessengerService } from '../service.ts'
import type { Fields } from '../types.ts'
import { allFields } from '../webhook.ts'

/** Subscribes an address to the app's events, after asking it whether it knows the verify token. */
export async function subscribe(service: MessengerService, body: Fields): Promise<void> {
  if (body['object'] !== 'page') throw badParameter('Param object must be page')
  const url = address(body['callback_url'], 'callback_url')
  if (url.protocol !== 'https:' && !isLoopback(url)) throw badParameter('callback_url must be https')
  const fields = namesOf(body['fields'])
  const token = body['verify_token']
  if (typeof token !== 'string') throw badParameter('Param verify_token is required')

  const challenge = randomBytes(8).toString('hex')
  const question = new URL(url)
  question.searchParams.set('hub.mode', 'subscribe')
  question.searchParams.set('hub.challenge', challenge)
  question.searchParams.set('hub.verify_token', token)
  const failed = (why: string) =>
    new GraphError(2200, `Callback verification failed with the following errors: ${why}`)
  const answer = await fetch(question, { signal: AbortSignal.timeout(5000), redirect: 'manual' }).catch(
    () => {
      throw failed("The URL couldn't be reached")
    },
  )
  if (answer.status !== 200) throw failed(`HTTP Status Code = ${answer.status}`)
  if ((await answer.text()) !== challenge) throw failed('hub.challenge was not repeated')

  service.webhook.endpoint.url = url.href
  service.webhook.endpoint.fields = fields
  service.webhook.endpoint.active = true
}

/** The page's own subscription: what of it the app hears at all. */
export function subscribePage(service: MessengerService, body: Fields): void {
  const fields = namesOf(body['subscribed_fields'])
  service.webhook.endpoint.fields = fields
  service.webhook.endpoint.active = true
}

function namesOf(value: unknown): string[] {
  const names = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',')
  const unknown = names.find((name) => !allFields.includes(name))
  if (unknown !== undefined) throw badParameter(`Param subscribed_fields: "${unknown}" is not known`)
  return names
}
