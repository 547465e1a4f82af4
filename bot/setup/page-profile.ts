import { isDeepStrictEqual } from 'node:util'
import { translate } from '../../server/language/index.ts'
import { shopSettings } from '../../server/shop/index.ts'
import type { Graph } from '../channels/messenger/graph.ts'
import { cut } from '../text.ts'

const actions = ['catalogue', 'my_orders', 'staff'] as const
const longestGreeting = 160
const longestTitle = 30
const longestQuestion = 80

/**
 * What customers see of the page before anybody has written: the greeting, the button that begins, the menu and the
 * first questions. Set in one call, since Meta takes ten in ten minutes, and not at all when it is so already.
 */
export async function setUpPageProfile(graph: Graph): Promise<string> {
  const { language, name } = await shopSettings()
  const labels = actions.map((action) => translate(language, `chat.menu.${action}`))
  const wanted = {
    get_started: { payload: 'get_started' },
    greeting: [
      { locale: 'default', text: cut(translate(language, 'chat.greeting', { shop: name }), longestGreeting) },
    ],
    persistent_menu: [
      {
        locale: 'default',
        composer_input_disabled: false,
        call_to_actions: actions.map((payload, index) => ({
          type: 'postback',
          title: cut(labels[index] ?? payload, longestTitle),
          payload,
        })),
      },
    ],
    ice_breakers: [
      {
        locale: 'default',
        call_to_actions: actions.map((payload, index) => ({
          question: cut(labels[index] ?? payload, longestQuestion),
          payload,
        })),
      },
    ],
  }
  const shown = `"${labels.join('", "')}"`
  const present = await graph.pageProfile()
  const isThere = Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(present[key], value))
  if (isThere) return `${shown} is shown already`
  await graph.post('me/messenger_profile', wanted)
  return `${shown} is shown to everybody`
}
