// The browser inside the chat: a sheet over it, with a title bar.
import { $, h, icon } from './dom.js'
import { t } from './words.js'

let onClosed = null

/**
 * Opens an address in the sheet. A LIFF page learns who holds the phone; a page with Messenger's extensions asks the
 * app, which is `messenger`.
 */
export function openSheet(address, userId, { messenger } = {}) {
  const target = resolve(address, userId)
  const sheet = $('#sheet')
  const frame = h('iframe', {
    src: target,
    title: new URL(address, location.href).host,
    allow: 'clipboard-write; payment',
  })
  const title = h('span', { class: 'sheet-title' }, titleOf(target))
  const button = (name, label, onclick) =>
    h('button', { type: 'button', class: 'sheet-tool', ariaLabel: label, title: label, onclick }, icon(name))
  sheet.replaceChildren(
    h(
      'div',
      { class: 'sheet-window', role: 'dialog', ariaModal: 'true', ariaLabel: t('openOutside') },
      h(
        'header',
        { class: 'sheet-bar' },
        button('close', t('close'), closeSheet),
        title,
        button('reload', t('reload'), () => {
          frame.src = resolve(address, userId)
        }),
        button('out', t('openOutside'), () => window.open(target, '_blank')),
      ),
      frame,
    ),
  )
  const before = document.activeElement
  sheet.hidden = false
  $('#chat').inert = true
  onClosed = () => before?.focus?.()
  $('button', sheet).focus()
  window.addEventListener('message', listen)
  window.addEventListener('keydown', closeOnEscape)

  function listen(event) {
    if (event.source !== frame.contentWindow) return
    if (messenger && event.data?.messenger) return void answer(event, messenger)
    if (!event.data?.liff) return
    if (event.data.action === 'closeWindow') closeSheet()
    if (event.data.action === 'openWindow') openSheet(event.data.url, userId)
  }
  sheet.stopListening = () => window.removeEventListener('message', listen)
}

async function answer({ source, origin, data: { messenger: what, id } }, ask) {
  const said = await ask(what).then(
    (result) => ({ result }),
    (error) => ({ error: error.message }),
  )
  source?.postMessage({ messengerAnswer: id, ...said }, origin)
}

export function closeSheet() {
  const sheet = $('#sheet')
  if (sheet.hidden) return
  sheet.stopListening?.()
  window.removeEventListener('keydown', closeOnEscape)
  sheet.hidden = true
  sheet.replaceChildren()
  $('#chat').inert = false
  onClosed?.()
  onClosed = null
}

const closeOnEscape = (event) => {
  if (event.key === 'Escape') closeSheet()
}

/** The page's own title is hidden from another origin; a LIFF app carries the shop's name. */
const titleOf = (target) => {
  const { host, origin, pathname } = new URL(target)
  return origin === location.origin && pathname.startsWith('/liff/') ? $('.bar-title h1').textContent : host
}

/** This machine has two names, and links may carry either. */
const LOOPBACK = ['localhost', '127.0.0.1']

/** LIFF links, of LINE's own address too, are answered by the sandbox, which is told whose phone this is. */
function resolve(address, userId) {
  const url = new URL(address, location.href)
  const isHere = url.port === location.port && LOOPBACK.includes(url.hostname)
  if (url.host !== 'liff.line.me' && !(isHere && url.pathname.startsWith('/liff/'))) return url.href
  const path = url.host === 'liff.line.me' ? `/liff${url.pathname}` : url.pathname
  const liff = new URL(path + url.search, location.origin)
  liff.searchParams.set('sim_user', userId)
  // A fragment does not reach a server, and liff.state has to carry it.
  if (url.hash) liff.searchParams.set('sim_hash', url.hash)
  return liff.href
}
