import { isDeepStrictEqual } from 'node:util'
import type { Language } from '../../models/states.ts'
import { translate } from '../../server/language/index.ts'
import { shopSettings } from '../../server/shop/index.ts'
import type { Graph } from '../channels/messenger/graph.ts'
import { cut } from '../text.ts'
import { rememberLook } from './look.ts'

const actions = ['catalogue', 'my_orders', 'staff'] as const
/** How Meta names the languages that it knows. */
const locales: Partial<Record<Language, string>> = {
  th: 'th_TH',
  en: 'en_US',
  id: 'id_ID',
  ja: 'ja_JP',
  ru: 'ru_RU',
}
const longestGreeting = 160
const longestTitle = 30
const longestQuestion = 80

/**
 * What customers see of the page before anybody has written: the greeting, the button that begins, the menu and the
 * first questions. Set in one call, since Meta takes ten in ten minutes, and not at all when it is so already.
 */
export async function setUpPageProfile(graph: Graph): Promise<string> {
  const shop = await shopSettings()
  const labels = labelsIn(shop.language)
  const spoken: [locale: string, language: Language][] = [['default', shop.language]]
  for (const language of shop.languages) {
    const locale = locales[language]
    if (locale && language !== shop.language) spoken.push([locale, language])
  }
  const wanted = {
    get_started: { payload: 'get_started' },
    greeting: spoken.map(([locale, language]) => ({
      locale,
      text: cut(translate(language, 'chat.greeting', { shop: shop.name }), longestGreeting),
    })),
    persistent_menu: spoken.map(([locale, language]) => ({
      locale,
      composer_input_disabled: false,
      call_to_actions: labelsIn(language).map((label, index) => ({
        type: 'postback',
        title: cut(label, longestTitle),
        payload: actions[index],
      })),
    })),
    ice_breakers: spoken.map(([locale, language]) => ({
      locale,
      call_to_actions: labelsIn(language).map((label, index) => ({
        question: cut(label, longestQuestion),
        payload: actions[index],
      })),
    })),
  }
  const shown = `"${labels.join('", "')}"`
  const present = await graph.pageProfile()
  const isThere = Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(present[key], value))
  if (!isThere) await graph.post('me/messenger_profile', wanted)
  await rememberLook('messenger', shop)
  return `${shown} is shown ${isThere ? 'already' : 'to everybody'}`
}

const labelsIn = (language: Language): string[] =>
  actions.map((action) => translate(language, `chat.menu.${action}`))
