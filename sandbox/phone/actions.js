// What happens when something is tapped.
import * as api from './api.js'
import { $, h, toast } from './dom.js'
import { openSheet } from './sheet.js'
import { t } from './words.js'

/** Returns `perform(action)` for one person. `composer` lets an action open the keyboard or a file picker. */
export function createPerform(userId, composer) {
  const say = (text) => api.write(userId, { text })
  const kinds = {
    async postback(action) {
      if (action.text) await say(action.text)
      if (action.inputOption === 'openKeyboard') composer.openKeyboard(action.fillInText ?? '')
      if (action.inputOption === 'openRichMenu') composer.showMenu(true)
      if (action.inputOption === 'closeRichMenu') composer.showMenu(false)
      await api.postback(userId, {
        data: action.data,
        ...(action.displayText ? { displayText: action.displayText } : {}),
      })
    },
    message: (action) => say(action.text),
    uri: (action) => openAddress(action.uri, userId),
    picture: (action) => showPicture(action.url),
    async datetimepicker(action) {
      const value = await askForTime(action)
      if (value) await api.postback(userId, { data: action.data, params: { [action.mode]: value } })
    },
    async clipboard(action) {
      await navigator.clipboard?.writeText(action.clipboardText).catch(() => {})
      toast(t('copied'))
    },
    camera: () => composer.pickFile(),
    cameraRoll: () => composer.pickFile(),
    location: () => composer.sendLocation(),
    richmenuswitch: (action) =>
      api.switchMenu(userId, { richMenuAliasId: action.richMenuAliasId, data: action.data }),
  }
  return async (action) => {
    try {
      await kinds[action?.type]?.(action)
    } catch (error) {
      toast(error.message)
    }
  }
}

/** Web pages in the sheet, or in the browser when the address asks for it; telephone numbers are dialled. */
export function openAddress(address, userId) {
  if (address.startsWith('tel:')) return toast(`${t('calling')} ${address.slice(4)}`)
  if (!/^https?:/i.test(address)) return toast(address)
  const outside = new URL(address).searchParams.get('openExternalBrowser') === '1'
  if (outside) window.open(address, '_blank', 'noopener')
  else openSheet(address, userId)
}

function overlay(...children) {
  const place = $('#drawer')
  const close = () => {
    place.hidden = true
    place.replaceChildren()
    window.removeEventListener('keydown', onKey)
  }
  const onKey = (event) => {
    if (event.key === 'Escape') close()
  }
  window.addEventListener('keydown', onKey)
  place.replaceChildren(...children)
  place.hidden = false
  return close
}

function showPicture(url) {
  const close = overlay(
    h(
      'button',
      { type: 'button', class: 'picture-view', ariaLabel: t('close'), onclick: () => close() },
      h('img', { src: url, alt: t('picture') }),
    ),
  )
}

const INPUT_TYPES = { date: 'date', time: 'time', datetime: 'datetime-local' }

function askForTime(action) {
  const tidy = (value) => value?.replace(/t/, 'T')
  return new Promise((resolve) => {
    const input = h('input', {
      type: INPUT_TYPES[action.mode],
      value: tidy(action.initial) ?? '',
      min: tidy(action.min) ?? '',
      max: tidy(action.max) ?? '',
      ariaLabel: action.label ?? t('choose'),
    })
    const end = (value) => {
      close()
      resolve(value)
    }
    const close = overlay(
      h(
        'form',
        {
          class: 'picker',
          role: 'dialog',
          ariaLabel: action.label ?? t('choose'),
          onsubmit: (event) => {
            event.preventDefault()
            end(input.value)
          },
        },
        h('strong', {}, action.label ?? t('choose')),
        input,
        h(
          'div',
          {},
          h('button', { type: 'button', class: 'pill', onclick: () => end('') }, t('cancel')),
          h('button', { type: 'submit', class: 'pill main' }, t('choose')),
        ),
      ),
    )
    input.focus()
  })
}
