// The list of messages: bubbles, times, days, read marks, and the shop's loading animation.
import { $, h, icon } from './dom.js'
import { drawMessage } from './messages.js'
import { clockTime, dayName, startOfDay, t } from './words.js'

const drawn = new Map()
let shownUser = null

/** Brings the list up to date; what has not changed is left alone, so that nothing jumps or loses its focus. */
export function drawChat(view, { perform, unsend }) {
  const log = $('#log')
  if (shownUser !== `${view.user.userId} ${view.user.language}`) {
    drawn.clear()
    shownUser = `${view.user.userId} ${view.user.language}`
  }
  const wasAtEnd = isAtEnd()
  const rows = []
  let day = null
  for (const [index, entry] of view.entries.entries()) {
    if (startOfDay(entry.at) !== day) {
      day = startOfDay(entry.at)
      rows.push(row(`day-${day}`, '', () => h('li', { class: 'day' }, h('span', {}, dayName(entry.at)))))
    }
    const isFirst = view.entries[index - 1]?.from !== entry.from
    rows.push(
      row(entry.id, JSON.stringify([entry, isFirst]), () =>
        drawEntry(entry, isFirst, view, { perform, unsend }),
      ),
    )
  }
  if (view.entries.length === 0) rows.push(row('welcome', view.user.language, welcome))
  if (view.loadingFor > 0) rows.push(row('typing', '', () => typing(view)))
  const isNew = rows.at(-1) !== log.lastElementChild
  log.replaceChildren(...rows)
  if (isNew && (wasAtEnd || view.entries.at(-1)?.from === 'user')) scrollToEnd()
}

function row(key, version, draw) {
  const known = drawn.get(key)
  if (known?.version === version) return known.element
  const element = draw()
  drawn.set(key, { version, element })
  return element
}

function drawEntry(entry, isFirst, view, { perform, unsend }) {
  if (entry.unsent) return h('li', { class: 'day' }, h('span', {}, t('unsent')))
  if (entry.from === 'note') return h('li', { class: 'day' }, h('span', {}, t(entry.message.text)))
  const time = h('time', { dateTime: new Date(entry.at).toISOString() }, clockTime(entry.at))
  const wide = entry.message.type === 'flex' || entry.message.type === 'template'
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
    const mark = h('span', { class: 'mark' }, entry.read ? h('span', {}, t('read')) : null, time)
    // A tap on one's own message shows what can be done with it.
    return h(
      'li',
      { class: 'mine', tabIndex: -1, dataset: { first: isFirst } },
      remove,
      mark,
      drawMessage(entry, perform),
    )
  }
  const sender = entry.message.sender
  const picture = sender?.iconUrl
    ? h('img', { class: 'avatar', src: sender.iconUrl, alt: '' })
    : h('span', { class: 'avatar', ariaHidden: 'true' }, initial(sender?.name ?? view.shop.displayName))
  return h(
    'li',
    { class: 'theirs', dataset: { first: isFirst, wide } },
    isFirst ? picture : h('span', { class: 'avatar none' }),
    h(
      'div',
      { class: 'said' },
      isFirst ? h('span', { class: 'name' }, sender?.name ?? view.shop.displayName) : null,
      h('div', { class: 'line' }, drawMessage(entry, perform), h('span', { class: 'mark' }, time)),
    ),
  )
}

const welcome = () => h('li', { class: 'welcome' }, h('span', {}, t('welcome')))

const typing = (view) =>
  h(
    'li',
    { class: 'theirs', dataset: { first: true } },
    h('span', { class: 'avatar', ariaHidden: 'true' }, initial(view.shop.displayName)),
    h(
      'p',
      { class: 'bubble typing', ariaLabel: `${view.shop.displayName} ${t('typing')}` },
      h('i'),
      h('i'),
      h('i'),
    ),
  )

export const initial = (name) => [...name][0] ?? '?'

function isAtEnd() {
  const { scrollTop, scrollHeight, clientHeight } = $('#scroller')
  return scrollHeight - scrollTop - clientHeight < 120
}

/** When the keyboard, the menu or the stickers take room away, who was at the end stays there. */
export function keepEndInSight() {
  let wasAtEnd = true
  const scroller = $('#scroller')
  scroller.addEventListener('scroll', () => {
    wasAtEnd = isAtEnd()
  })
  new ResizeObserver(() => {
    if (wasAtEnd) scrollToEnd()
  }).observe(scroller)
}

export function scrollToEnd() {
  const scroller = $('#scroller')
  scroller.scrollTop = scroller.scrollHeight
  // Pictures find their height later: stay at the end until they have.
  for (const image of scroller.querySelectorAll('img')) {
    if (!image.complete)
      image.addEventListener('load', () => scroller.scrollTo(0, scroller.scrollHeight), { once: true })
  }
}
