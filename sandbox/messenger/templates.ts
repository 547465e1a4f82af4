import { address, fields, list, only, text } from './checks.ts'
import { badParameter } from './errors.ts'
import type { Fields } from './types.ts'

/** Whether a page may be opened with the extensions: its domain is on the page's list. */
export type Domains = (url: URL) => boolean

/** The templates, within their limits. */
export function checkTemplate(payload: Fields, domains: Domains): void {
  const check = templates[String(payload['template_type'])]
  if (!check) throw badParameter(`Param template_type "${String(payload['template_type'])}" is not known`)
  check(payload, domains)
}

const templates: Record<string, (payload: Fields, domains: Domains) => void> = {
  generic(payload, domains) {
    only(payload, 'payload', ['template_type', 'elements', 'sharable', 'image_aspect_ratio'])
    for (const element of list(payload['elements'], 'elements', 1, 10)) checkElement(element, domains)
  },
  button(payload, domains) {
    only(payload, 'payload', ['template_type', 'text', 'buttons', 'sharable'])
    text(payload['text'], 'text', 640)
    for (const button of list(payload['buttons'], 'buttons', 1, 3)) checkButton(button, domains)
  },
  media(payload) {
    for (const element of list(payload['elements'], 'elements', 1, 1)) {
      if ((element['url'] === undefined) === (element['attachment_id'] === undefined)) {
        throw badParameter('Must set only one of url or attachment_id')
      }
    }
  },
  receipt(payload) {
    only(payload, 'payload', receiptFields)
    text(payload['recipient_name'], 'recipient_name', 200)
    text(payload['order_number'], 'order_number', 200)
    text(payload['payment_method'], 'payment_method', 200)
    if (!/^[A-Z]{3}$/.test(String(payload['currency'])))
      throw badParameter('Param currency must be an ISO code')
    number(fields(payload['summary'], 'summary')['total_cost'], 'summary[total_cost]')
    if (payload['order_url'] !== undefined) address(payload['order_url'], 'order_url')
    for (const element of list(payload['elements'] ?? [], 'elements', 0, 100)) {
      only(element, 'elements', ['title', 'subtitle', 'quantity', 'price', 'currency', 'image_url'])
      text(element['title'], 'elements[title]', 1000)
      number(element['price'], 'elements[price]')
      if (element['image_url'] !== undefined) address(element['image_url'], 'elements[image_url]')
    }
    for (const one of list(payload['adjustments'] ?? [], 'adjustments', 0, 100)) {
      text(one['name'], 'adjustments[name]', 1000)
      number(one['amount'], 'adjustments[amount]')
    }
    const to = payload['address']
    if (to === undefined) return
    for (const name of ['street_1', 'city', 'postal_code', 'state', 'country']) {
      text(fields(to, 'address')[name], `address[${name}]`, 500)
    }
  },
}

const receiptFields = [
  'template_type',
  'sharable',
  'recipient_name',
  'merchant_name',
  'order_number',
  'currency',
  'payment_method',
  'order_url',
  'timestamp',
  'elements',
  'address',
  'summary',
  'adjustments',
]

function number(value: unknown, name: string): void {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw badParameter(`Param ${name} must be a number`)
}

function checkElement(element: Fields, domains: Domains): void {
  only(element, 'elements', ['title', 'subtitle', 'image_url', 'default_action', 'buttons'])
  text(element['title'], 'elements[title]', 80)
  if (Object.keys(element).length < 2) throw badParameter('An element needs a property besides its title')
  if (element['subtitle'] !== undefined) text(element['subtitle'], 'elements[subtitle]', 80)
  if (element['image_url'] !== undefined) address(element['image_url'], 'elements[image_url]')
  if (element['buttons'] !== undefined) {
    for (const button of list(element['buttons'], 'elements[buttons]', 1, 3)) checkButton(button, domains)
  }
  if (element['default_action'] === undefined) return
  const action = fields(element['default_action'], 'default_action')
  if (action['title'] !== undefined) throw badParameter('A default_action has no title')
  checkLink(action, domains)
}

/** A button of a template or of the persistent menu. */
export function checkButton(button: Fields, domains: Domains): void {
  const type = button['type']
  text(button['title'], 'button[title]', type === 'web_url' || type === 'postback' ? 20 : 30)
  if (type === 'web_url') checkLink(button, domains)
  else if (type === 'postback') text(button['payload'], 'button[payload]', 1000)
  else if (type !== 'phone_number') throw badParameter(`Button type "${String(type)}" is not known`)
  else if (!/^\+\d{6,15}$/.test(String(button['payload']))) throw badParameter('A phone number begins with +')
}

function checkLink(link: Fields, domains: Domains): void {
  only(link, 'button', [
    'type',
    'title',
    'url',
    'webview_height_ratio',
    'messenger_extensions',
    'fallback_url',
    'webview_share_button',
  ])
  const url = address(link['url'], 'button[url]')
  if (!['compact', 'tall', 'full', undefined].includes(link['webview_height_ratio'] as string | undefined)) {
    throw badParameter('webview_height_ratio must be compact, tall or full')
  }
  if (link['messenger_extensions'] === true && !domains(url)) {
    throw badParameter(
      `Domain ${url.host} of the button's URL must be whitelisted to use Messenger Extensions`,
      2018063,
    )
  }
}
