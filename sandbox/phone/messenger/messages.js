// One message as it looks in Messenger.
import { h, icon } from '../dom.js'
import { t } from '../words.js'

/** The element for a message; `tap(button)` is called for what is tapped. */
export function drawMessage({ message }, tap) {
  const attachments = message.attachments ?? (message.attachment ? [message.attachment] : [])
  const parts = attachments.map((one) => drawAttachment(one, tap))
  if (message.text) parts.unshift(h('p', { class: 'bubble' }, linked(message.text)))
  return h('div', { class: 'said' }, parts.length ? parts : h('p', { class: 'bubble' }, '…'))
}

function drawAttachment({ type, payload = {}, title }, tap) {
  if (type === 'template') return (templates[payload.template_type] ?? unknown)(payload, tap)
  const address = payload.url && addressOf(payload.url)
  if (payload.sticker_id) return h('img', { class: 'sticker', src: address, alt: t('sticker'), width: 96 })
  if (type === 'image') {
    return h(
      'a',
      { class: 'photo', href: address, target: '_blank' },
      h('img', { src: address, alt: t('picture') }),
    )
  }
  if (type === 'video')
    return h('video', { class: 'film', controls: true, src: address, ariaLabel: t('video') })
  if (type === 'audio') return h('audio', { controls: true, src: address, ariaLabel: t('audio') })
  if (type === 'location') return h('p', { class: 'bubble' }, `📍 ${title ?? t('location')}`)
  return h('a', { class: 'bubble attachment', href: address, target: '_blank' }, icon('file'), t('file'))
}

/** The files of this sandbox expire for the shop, and stay to be seen on the phone. */
const addressOf = (url) => (url.includes('/messenger/cdn/') ? `${url}&phone=1` : url)

const unknown = (payload) => h('p', { class: 'bubble' }, `[${payload.template_type}]`)

const templates = {
  button: ({ text, buttons }, tap) =>
    h(
      'div',
      { class: 'm-card', role: 'group' },
      h('div', { class: 'words' }, text),
      buttons.map((button) => drawButton(button, tap)),
    ),
  generic: ({ elements, image_aspect_ratio: ratio }, tap) =>
    h(
      'div',
      { class: 'cards' },
      elements.map((element) =>
        h(
          'div',
          { class: `m-card ${ratio ?? ''}`, role: 'group' },
          element.image_url ? h('img', { src: element.image_url, alt: '' }) : null,
          h(
            'div',
            { class: 'words' },
            h('strong', {}, element.title),
            element.subtitle ? h('small', {}, element.subtitle) : null,
          ),
          (element.buttons ?? []).map((button) => drawButton(button, tap)),
        ),
      ),
    ),
  receipt: (bill, tap) =>
    h(
      'div',
      { class: 'm-card', role: 'group' },
      h(
        'div',
        { class: 'words' },
        h('strong', {}, bill.merchant_name ?? ''),
        h('small', {}, bill.order_number),
        h(
          'dl',
          { class: 'bill' },
          (bill.elements ?? []).flatMap((one) => line(`${one.quantity} × ${one.title}`, one.price, bill)),
          (bill.adjustments ?? []).flatMap((one) => line(one.name, -one.amount, bill)),
          line('🚚', bill.summary.shipping_cost ?? 0, bill),
          line('Σ', bill.summary.total_cost, bill, 'total'),
        ),
        h('small', {}, bill.payment_method),
      ),
      bill.order_url
        ? drawButton({ type: 'web_url', title: bill.order_number, url: bill.order_url }, tap)
        : null,
    ),
}

const line = (name, amount, { currency }, look = '') => [
  h('dt', { class: look }, name),
  h('dd', { class: look }, new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount)),
]

const drawButton = (button, tap) => h('button', { type: 'button', onclick: () => tap(button) }, button.title)

/** Web addresses in a text can be tapped, as in the app. */
function linked(text) {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((piece, index) =>
      index % 2 === 1 ? h('a', { href: piece, dataset: { open: piece } }, piece) : piece,
    )
}
