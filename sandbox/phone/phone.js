// A phone with a LINE chat, driven by the sandbox. Who holds it stands in the address: #U…
import { createPerform, openAddress } from './actions.js'
import * as api from './api.js'
import { drawChat, initial, keepEndInSight, scrollToEnd } from './chat.js'
import { createComposer } from './composer.js'
import { createDesk, drawTies } from './desk.js'
import { $, h, icon, toast } from './dom.js'
import { closeSheet } from './sheet.js'
import { clockTime, speak, t } from './words.js'

let users = []
let stop = () => {}
const drawDesk = createDesk((userId) => void choose(userId))
let loadingTimer

await begin()

async function begin() {
  users = await api.listUsers()
  if (users.length === 0) users = [await firstPerson()]
  const asked = location.hash.slice(1) || remembered()
  await choose(users.some(({ userId }) => userId === asked) ? asked : users[0].userId)
  window.addEventListener('hashchange', () => void choose(location.hash.slice(1)))
  keepEndInSight()
  $('#phone').addEventListener('click', (event) => {
    if (!event.target.closest('.desk-switch')) document.body.dataset.desk = 'closed'
  })
  tick()
  setInterval(tick, 10_000)
}

function firstPerson() {
  const thai = navigator.language.startsWith('th')
  return api.createUser({
    displayName: thai ? 'สมชาย ใจดี' : 'Somchai Jaidee',
    language: thai ? 'th' : 'en',
  })
}

/** Hands the phone to somebody. */
async function choose(userId) {
  if (!users.some((user) => user.userId === userId)) users = await api.listUsers()
  const user = users.find((known) => known.userId === userId)
  if (!user) return
  stop()
  closeSheet()
  document.body.dataset.desk = 'closed'
  history.replaceState(null, '', `#${userId}`)
  remember(userId)
  speak(user.language)
  document.documentElement.lang = user.language
  $('#scroller').ariaLabel = t('messages')
  const composer = createComposer(userId)
  const perform = createPerform(userId, composer)
  composer.setPerform(perform)
  const unsend = (entry) => api.unsend(userId, entry.id).catch((error) => toast(error.message))
  let first = true
  stop = api.watch(
    userId,
    (view) => {
      users = users.map((known) => (known.userId === userId ? view.user : known))
      drawBar(view)
      drawFriend(view.user)
      composer.update(view)
      drawChat(view, { perform, unsend })
      drawDesk(users, view.user)
      watchLoading(view, { perform, unsend })
      if (first) scrollToEnd()
      first = false
    },
    (connected) => {
      $('#bar').dataset.offline = String(!connected)
      if (!connected) toast(t('offline'))
    },
  )
  $('#log').onclick = (event) => {
    const address = event.target.closest?.('[data-open]')?.dataset.open
    if (!address) return
    event.preventDefault()
    openAddress(address, userId)
  }
}

function drawBar(view) {
  document.title = `${view.shop.displayName} · Phone`
  $('#bar').replaceChildren(
    h('span', { class: 'avatar', ariaHidden: 'true' }, initial(view.shop.displayName)),
    h('div', { class: 'bar-title' }, h('h1', {}, view.shop.displayName), h('small', {}, t('official'))),
    h(
      'button',
      {
        type: 'button',
        class: 'tool desk-switch',
        ariaLabel: t('people'),
        title: t('people'),
        onclick: () => {
          document.body.dataset.desk = document.body.dataset.desk === 'open' ? 'closed' : 'open'
        },
      },
      icon('people'),
    ),
  )
}

/** Strangers are offered friendship, and who has blocked the shop the way back. */
function drawFriend(user) {
  if (user.following) return $('#friend').replaceChildren()
  $('#friend').replaceChildren(h('span', {}, t(user.blocked ? 'isBlocked' : 'notFriend')), ...drawTies(user))
}

/** The animation ends by itself, without word from the sandbox. */
function watchLoading(view, handlers) {
  clearTimeout(loadingTimer)
  if (view.loadingFor <= 0) return
  loadingTimer = setTimeout(() => drawChat({ ...view, loadingFor: 0 }, handlers), view.loadingFor)
}

function tick() {
  $('#clock').textContent = clockTime(Date.now())
}

function remembered() {
  try {
    return localStorage.getItem('phone-of')
  } catch {
    return null
  }
}

function remember(userId) {
  try {
    localStorage.setItem('phone-of', userId)
  } catch {
    // Private windows may refuse; then the first person holds the phone next time.
  }
}
