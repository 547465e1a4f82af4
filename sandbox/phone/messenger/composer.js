// Where one writes: text, files, a sticker, a place; and the page's menu.
import { $, h, icon, toast } from '../dom.js'
import { t } from '../words.js'
import * as api from './api.js'
import { spoken } from './chat.js'

export function createComposer(psid, tap) {
  const input = h('textarea', { rows: 1, placeholder: t('write'), ariaLabel: t('write') })
  const files = h('input', { type: 'file', hidden: true, onchange: sendFile })
  const menuSwitch = tool('menu', t('menu'), () => showMenu(!menuOpen))
  const send = tool('send', t('send'), sendText)
  send.classList.add('send')
  let menuOpen = false
  let items = []

  $('#composer').replaceChildren(
    h(
      'div',
      { class: 'composer-bar' },
      menuSwitch,
      tool('picture', t('sendPicture'), () => files.click()),
      tool('pin', t('location'), () =>
        attempt(() => api.write(psid, { location: { lat: 13.7466, long: 100.5347, title: 'Siam' } })),
      ),
      h(
        'div',
        { class: 'field' },
        input,
        tool('smile', t('stickers'), () => attempt(() => api.write(psid, { sticker: true }))),
      ),
      send,
    ),
    files,
  )
  input.addEventListener('keydown', (event) => {
    // Enter chooses a word while an input method is at work.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    sendText()
  })

  return {
    update({ person, profile, entries }) {
      items = spoken(profile.persistent_menu, person)?.call_to_actions ?? []
      menuSwitch.hidden = items.length === 0
      $('#composer').inert = person.blocked
      drawReplies(entries)
    },
  }

  function drawReplies(entries) {
    const last = entries.at(-1)
    const offered = last?.from === 'page' ? (last.message.quick_replies ?? []) : []
    $('#replies').replaceChildren(
      ...offered.map(({ title, payload }) =>
        h(
          'button',
          {
            type: 'button',
            onclick: () => attempt(() => api.write(psid, { text: title, quickReply: payload })),
          },
          title,
        ),
      ),
    )
  }

  function showMenu(open) {
    menuOpen = open
    menuSwitch.ariaExpanded = String(open)
    const buttons = items.map((item) =>
      h(
        'button',
        {
          type: 'button',
          onclick: () => {
            showMenu(false)
            tap(item)
          },
        },
        item.title,
      ),
    )
    $('#menu').replaceChildren(...(open ? [h('div', { class: 'menu-list' }, buttons)] : []))
  }

  function sendText() {
    const text = input.value.trim()
    if (!text) return
    input.value = ''
    input.focus()
    attempt(() => api.write(psid, { text }))
  }

  function sendFile() {
    const [file] = files.files
    files.value = ''
    if (file) attempt(() => api.sendFile(psid, file))
  }
}

const tool = (name, label, onclick) =>
  h('button', { type: 'button', class: 'tool', ariaLabel: label, title: label, onclick }, icon(name))

/** Says in a toast why something could not be done. */
export const attempt = (work) => work().catch((error) => toast(error.message))
