import { isLoopback } from '../../context.ts'
import { fields, list, only, text } from '../checks.ts'
import { badParameter } from '../errors.ts'
import { isWhitelisted, type MessengerService } from '../service.ts'
import { checkButton } from '../templates.ts'
import type { Fields } from '../types.ts'

const settable = ['get_started', 'greeting', 'persistent_menu', 'ice_breakers', 'whitelisted_domains']

/** What customers see of the page before anybody writes: checked, then set. */
export function setProfile(service: MessengerService, body: Fields): void {
  only(body, 'messenger_profile', [...settable, 'access_token', 'appsecret_proof'])
  const wanted = Object.fromEntries(
    settable.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  )
  if (Object.keys(wanted).length === 0)
    throw badParameter('Requires one of the params: get_started, greeting …')
  const next: Fields = { ...service.world.profile, ...wanted }
  const {
    get_started: start,
    greeting,
    persistent_menu: menu,
    ice_breakers: questions,
    whitelisted_domains: domains,
  } = wanted

  for (const name of ['greeting', 'persistent_menu', 'ice_breakers']) checkDefault(wanted[name], name)
  if (domains !== undefined) checkDomains(domains)
  if (start !== undefined) text(fields(start, 'get_started')['payload'], 'get_started[payload]', 1000)
  if (greeting !== undefined) {
    for (const one of list(greeting, 'greeting', 1, 80)) text(one['text'], 'greeting[text]', 160)
  }
  if (menu !== undefined) {
    if (!next['get_started'])
      throw badParameter('You must set a Get Started button if you also wish to use persistent menu', 2018145)
    for (const one of list(menu, 'persistent_menu', 1, 80)) {
      if (typeof one['locale'] !== 'string') throw badParameter('persistent_menu needs a locale')
      for (const button of list(one['call_to_actions'], 'call_to_actions', 1, 20)) {
        const title = String(button['title'] ?? '')
        if (title.length > 30)
          throw badParameter('Length of param call_to_actions[title] must be less than or equal to 30')
        checkButton({ ...button, title: title.slice(0, 20) }, (url) => isWhitelisted(service, url))
      }
    }
  }
  if (questions !== undefined) {
    for (const one of list(questions, 'ice_breakers', 1, 80)) {
      for (const ask of list(one['call_to_actions'], 'call_to_actions', 1, 4)) {
        text(ask['question'], 'question', 80)
        text(ask['payload'], 'payload', 1000)
      }
    }
  }
  const { world } = service
  world.profile = next
  for (const psid of world.people.keys()) world.changed(psid)
}

/** What is said in several languages has one for everybody else. */
function checkDefault(spoken: unknown, name: string): void {
  if (spoken === undefined) return
  if (!list(spoken, name, 1, 80).some(({ locale }) => locale === 'default')) {
    throw badParameter(`Param ${name} must have an element with the locale "default"`)
  }
}

/** Whole https origins by name. This machine's are tolerated here, and nowhere else. */
function checkDomains(value: unknown): void {
  if (!Array.isArray(value) || value.length > 50)
    throw badParameter('Param whitelisted_domains must be a list of at most 50')
  for (const one of value) {
    if (typeof one !== 'string' || !URL.canParse(one))
      throw badParameter('Param whitelisted_domains must be URLs')
    const url = new URL(one)
    const isName = !/^[\d.]+$/.test(url.hostname) && !url.hostname.startsWith('[')
    if (isLoopback(url)) continue
    if (url.protocol !== 'https:' || !isName) {
      throw badParameter(`The domain ${one} must be https, and a name rather than a number`)
    }
  }
}
