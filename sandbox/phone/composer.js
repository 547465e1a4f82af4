// Where one writes: text, pictures, stickers, a place; and the shop's menu with its switch.
import * as api from './api.js'
import { $, h, icon, toast } from './dom.js'
import { drawSticker, STICKERS } from './stickers.js'
import { t } from './words.js'

const PLACES = [
  {
    title: 'Siam',
    address: '991 Rama I Rd, Pathum Wan, Bangkok 10330',
    latitude: 13.7466,
    longitude: 100.5347,
  },
]

/** Builds the bottom of the chat for one person; `perform` is given later, since actions need the composer. */
export function createComposer(userId) {
  let perform = () => {}
  let menuOpen = false
  let view = null

  const input = h('textarea', { rows: 1, placeholder: t('write'), ariaLabel: t('write') })
  const files = h('input', { type: 'file', hidden: true, onchange: sendFiles })
  const tray = h('div', { class: 'tray', hidden: true })
  const menuSwitch = tool('menu', t('menu'), () => showMenu(!menuOpen))
  const send = tool('send', t('send'), sendText)
  send.classList.add('send')
  const bar = h(
    'div',
    { class: 'composer-bar' },
    menuSwitch,
    tool('picture', t('sendPicture'), pickFile),
    tool('pin', t('location'), sendLocation),
    h('div', { class: 'field' }, input, tool('smile', t('stickers'), toggleStickers)),
    send,
  )
  $('#composer').replaceChildren(bar, tray, files)

  input.addEventListener('keydown', (event) => {
    // Enter chooses a word while an input method is at work.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    sendText()
  })
  input.addEventListener('input', grow)
  input.addEventListener('focus', () => {
    tray.hidden = true
  })

  return {
    setPerform(given) {
      perform = given
    },
    update(next) {
      const before = view
      view = next
      menuSwitch.hidden = !next.richMenu
      $('#composer').inert = next.user.blocked
      if (before?.richMenu?.richMenuId !== next.richMenu?.richMenuId)
        showMenu(Boolean(next.richMenu?.selected))
      drawReplies(next)
    },
    openKeyboard(text) {
      showMenu(false)
      input.value = text
      input.focus()
      grow()
    },
    showMenu,
    pickFile,
    sendLocation,
  }

  function tool(name, label, onclick) {
    return h('button', { type: 'button', class: 'tool', ariaLabel: label, title: label, onclick }, icon(name))
  }

  /** Says in a toast why something could not be sent. */
  function attempt(work) {
    work().catch((error) => toast(error.message))
  }

  function sendText() {
    const text = input.value.trim()
    if (!text) return
    input.value = ''
    grow()
    input.focus()
    attempt(() => api.write(userId, { text }))
  }

  function sendFiles() {
    const [file] = files.files
    files.value = ''
    if (file) attempt(() => api.sendFile(userId, file))
  }

  function pickFile() {
    files.click()
  }

  function sendLocation() {
    attempt(() => api.write(userId, { type: 'location', ...PLACES[0] }))
  }

  function toggleStickers() {
    tray.hidden = !tray.hidden
    if (tray.hidden) return
    showMenu(false)
    tray.replaceChildren(
      ...STICKERS.map(({ packageId, stickerId, keywords }) =>
        h(
          'button',
          {
            type: 'button',
            class: 'tray-sticker',
            onclick: () => {
              tray.hidden = true
              attempt(() => api.write(userId, { type: 'sticker', packageId, stickerId, keywords }))
            },
          },
          drawSticker({ stickerId }, t('sticker')),
        ),
      ),
    )
  }

  function grow() {
    input.style.height = 'auto'
    input.style.height = `${Math.min(input.scrollHeight, 120)}px`
  }

  function showMenu(open) {
    menuOpen = open && Boolean(view?.richMenu)
    menuSwitch.ariaExpanded = String(menuOpen)
    menuSwitch.replaceChildren(icon(menuOpen ? 'keyboard' : 'menu'))
    const menu = view?.richMenu
    $('#menu').replaceChildren(...(menu ? [menuBar(menu), ...(menuOpen ? [menuPicture(menu)] : [])] : []))
  }

  function menuBar(menu) {
    return h(
      'button',
      {
        type: 'button',
        class: 'menu-bar',
        ariaExpanded: String(menuOpen),
        onclick: () => showMenu(!menuOpen),
      },
      h('span', {}, menu.chatBarText),
      h('span', { class: 'chevron', ariaHidden: 'true' }, menuOpen ? '▾' : '▴'),
    )
  }

  function menuPicture(menu) {
    const { width, height } = menu.size
    return h(
      'div',
      { class: 'menu-picture', style: { aspectRatio: `${width} / ${height}` } },
      h('img', { src: `/__sim/line/media/${menu.richMenuId}`, alt: '' }),
      menu.areas.map(({ bounds, action }) =>
        h('button', {
          type: 'button',
          ariaLabel: action.label ?? action.displayText ?? action.text ?? action.uri ?? t('menu'),
          style: {
            left: `${(bounds.x / width) * 100}%`,
            top: `${(bounds.y / height) * 100}%`,
            width: `${(bounds.width / width) * 100}%`,
            height: `${(bounds.height / height) * 100}%`,
          },
          onclick: () => perform(action),
        }),
      ),
    )
  }

  /** They belong to the last message, and go as soon as another one comes. */
  function drawReplies({ entries }) {
    const last = entries.at(-1)
    const items = last?.from === 'shop' ? (last.message.quickReply?.items ?? []) : []
    $('#replies').replaceChildren(
      ...items.map(({ action, imageUrl }) =>
        h(
          'button',
          { type: 'button', onclick: () => perform(action) },
          imageUrl ? h('img', { src: imageUrl, alt: '' }) : null,
          action.label,
        ),
      ),
    )
  }
}
