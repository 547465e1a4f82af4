// The list of messages: bubbles, days, what was read, and somebody typing.
import { initial, scrollToEnd } from '../chat.js'
import { $, h, icon } from '../dom.js'
import { clockTime, dayName, startOfDay, t } from '../words.js'
import { drawMessage } from './messages.js'

export function drawChat(view, { tap, unsend, begin, react }) {
  const scroller = $('#scroller')
  const wasAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120
  const rows = []
  let day = null
  for (const entry of view.entries) {
    if (startOfDay(entry.at) !== day) {
      day = startOfDay(entry.at)
      rows.push(h('li', { class: 'day' }, h('span', {}, dayName(entry.at))))
    }
    rows.push(drawEntry(entry, view, { tap, unsend, react }))
  }
  const last = view.entries.findLast(({ from }) => from === 'user')
  if (last && view.seenAt >= last.at) rows.push(h('li', { class: 'mine seen' }, t('read')))
  if (view.typing) {
    rows.push(
      h(
        'li',
        { class: 'theirs' },
        h(
          'p',
          { class: 'bubble typing', ariaLabel: `${view.page.name} ${t('typing')}` },
          h('i'),
          h('i'),
          h('i'),
        ),
      ),
    )
  }
  if (!view.person.started) rows.push(hello(view, begin))
  $('#log').replaceChildren(...rows)
  if (wasAtEnd) scrollToEnd()
}

function drawEntry(entry, view, { tap, unsend, react }) {
  if (entry.unsent) return h('li', { class: 'day' }, h('span', {}, t('unsent')))
  if (entry.from === 'note') return h('li', { class: 'day' }, h('span', {}, t(entry.message.text)))
  const time = h('time', { dateTime: new Date(entry.at).toISOString() }, clockTime(entry.at))
  const reaction = entry.reaction ? h('span', { class: 'reaction' }, entry.reaction) : null
  if (entry.from === 'user') {
    const remove = h(
      'button',
      {
        type: 'button',
        class: 'unsend',
        title: t('unsend'),
        ariaLabel: t('unsend'),
        onclick: () => unsend(entry),
      },
      icon('trash'),
    )
    return h(
      'li',
      { class: 'mine', tabIndex: -1 },
      remove,
      h('span', { class: 'mark' }, time),
      drawMessage(entry, tap),
    )
  }
  const like = h(
    'button',
    {
      type: 'button',
      class: 'unsend',
      ariaLabel: '👍',
      onclick: () => react(entry, entry.reaction ? null : '👍'),
    },
    icon('smile'),
  )
  return h(
    'li',
    { class: 'theirs', tabIndex: -1 },
    h('span', { class: 'avatar', ariaHidden: 'true' }, initial(view.page.name)),
    h('div', { class: 'said' }, drawMessage(entry, tap), reaction, h('span', { class: 'mark' }, time, like)),
  )
}

/** Of the page's settings the one in this person's language, or the one for everybody else. */
export const spoken = (list = [], { locale }) =>
  list.find((one) => one.locale === locale) ?? list.find((one) => one.locale === 'default')

/** What a person sees who has never written: the greeting, the first questions, and the button that begins. */
function hello({ page, profile, person }, begin) {
  const questions = spoken(profile.ice_breakers, person)?.call_to_actions ?? []
  return h(
    'li',
    { class: 'hello' },
    h('span', { class: 'avatar', ariaHidden: 'true' }, initial(page.name)),
    h('strong', {}, page.name),
    h('p', {}, spoken(profile.greeting, person)?.text ?? t('welcome')),
    questions.map(({ question, payload }) =>
      h('button', { type: 'button', onclick: () => begin({ question, payload }) }, question),
    ),
    h('button', { type: 'button', class: 'start', onclick: () => begin(null) }, t('getStarted')),
  )
}
