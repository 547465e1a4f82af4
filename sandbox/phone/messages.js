// One message as it looks in the chat.
import { h, icon } from './dom.js'
import { drawFlex } from './flex.js'
import { drawSticker } from './stickers.js'
import { drawTemplate } from './templates.js'
import { t } from './words.js'

/** The element for a message; `perform(action)` is called for what is tapped. */
export function drawMessage(entry, perform) {
  const draw = kinds[entry.message.type] ?? unknown
  return draw(entry.message, perform, entry)
}

/** A line about a message, for lists. */
export function summarize(entry) {
  if (!entry) return ''
  if (entry.unsent) return t('unsent')
  const { message } = entry
  if (entry.from === 'note') return t(message.text)
  const names = { sticker: t('sticker'), image: t('picture'), video: t('video'), audio: t('audio') }
  return message.text ?? message.altText ?? names[message.type] ?? message.fileName ?? message.title ?? ''
}

const kinds = {
  text: (message) => bubble(linked(message.text)),
  textV2: (message) => bubble(linked(message.text.replace(/\{(\w{1,20})\}/g, '@$1'))),
  flex: (message, perform) =>
    h(
      'div',
      { class: 'card', role: 'group', ariaLabel: message.altText },
      drawFlex(message.contents, perform),
    ),
  template: (message, perform) =>
    h(
      'div',
      { class: 'card', role: 'group', ariaLabel: message.altText },
      drawTemplate(message.template, perform),
    ),
  sticker: (message) => drawSticker(message, t('sticker')),
  image: (message, perform, entry) => {
    const address = message.originalContentUrl ?? `/__sim/line/media/${entry.id}`
    const preview = message.previewImageUrl ?? address
    return h(
      'button',
      {
        type: 'button',
        class: 'photo',
        ariaLabel: t('picture'),
        onclick: () => perform({ type: 'picture', url: address }),
      },
      h('img', { src: preview, alt: '' }),
    )
  },
  video: (message, _perform, entry) =>
    h('video', {
      class: 'film',
      controls: true,
      src: message.originalContentUrl ?? `/__sim/line/media/${entry.id}`,
      poster: message.previewImageUrl,
      ariaLabel: t('video'),
    }),
  audio: (message, _perform, entry) =>
    h('audio', {
      controls: true,
      src: message.originalContentUrl ?? `/__sim/line/media/${entry.id}`,
      ariaLabel: t('audio'),
    }),
  file: (message, _perform, entry) =>
    h(
      'a',
      { class: 'bubble attachment', href: `/__sim/line/media/${entry.id}`, target: '_blank' },
      icon('file'),
      h('span', {}, message.fileName, h('small', {}, `${Math.ceil(message.fileSize / 1024)} KB`)),
    ),
  location: (message) =>
    h(
      'div',
      { class: 'place' },
      h('div', { class: 'map', ariaHidden: 'true' }, icon('pin')),
      h('strong', {}, message.title ?? t('location')),
      h('small', {}, message.address ?? `${message.latitude}, ${message.longitude}`),
    ),
  imagemap: (message, perform) => drawImagemap(message, perform),
}

const unknown = (message) => bubble([`[${message.type}]`])
const bubble = (children) => h('p', { class: 'bubble' }, children)

/** Web addresses in a text can be tapped, as in the app. */
function linked(text) {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((piece, index) =>
      index % 2 === 1 ? h('a', { href: piece, dataset: { open: piece } }, piece) : piece,
    )
}

function drawImagemap(message, perform) {
  const { width, height } = message.baseSize
  const area = ({ x, y, width: across, height: down }) => ({
    left: `${(x / width) * 100}%`,
    top: `${(y / height) * 100}%`,
    width: `${(across / width) * 100}%`,
    height: `${(down / height) * 100}%`,
  })
  return h(
    'div',
    {
      class: 'imagemap',
      role: 'group',
      ariaLabel: message.altText,
      style: { aspectRatio: `${width} / ${height}` },
    },
    h('img', { src: `${message.baseUrl}/1040`, alt: message.altText }),
    message.actions.map((action) =>
      h('button', {
        type: 'button',
        ariaLabel: action.label ?? action.text ?? action.linkUri,
        style: area(action.area),
        onclick: () => perform(action.type === 'uri' ? { type: 'uri', uri: action.linkUri } : action),
      }),
    ),
  )
}
