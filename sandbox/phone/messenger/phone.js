// A phone with a Messenger chat, driven by the sandbox. Who holds it stands in the address: #7…
import { initial, keepEndInSight, scrollToEnd } from '../chat.js'
import { $, h, icon, toast } from '../dom.js'
import { closeSheet, openSheet } from '../sheet.js'
import { clockTime, speak, t } from '../words.js'
import * as api from './api.js'
import { drawChat } from './chat.js'
import { attempt, createComposer } from './composer.js'
import { createDesk } from './desk.js'

let people = []
let stop = () => {}
const drawDesk = createDesk((psid) => void choose(psid))

await begin()

async function begin() {
  people = await api.listPeople()
  if (people.length === 0) {
    const thai = navigator.language.startsWith('th')
    people = [
      await api.createPerson({
        firstName: thai ? 'มาลี' : 'Malee',
        lastName: thai ? 'ใจงาม' : 'Jaingam',
        locale: thai ? 'th_TH' : 'en_US',
      }),
    ]
  }
  const asked = location.hash.slice(1)
  await choose(people.some(({ psid }) => psid === asked) ? asked : people[0].psid)
  window.addEventListener('hashchange', () => void choose(location.hash.slice(1)))
  keepEndInSight()
  $('#phone').addEventListener('click', (event) => {
    if (!event.target.closest('.desk-switch')) document.body.dataset.desk = 'closed'
  })
  const tick = () => {
    $('#clock').textContent = clockTime(Date.now())
  }
  tick()
  setInterval(tick, 10_000)
}

/** Hands the phone to somebody. */
async function choose(psid) {
  if (!people.some((one) => one.psid === psid)) people = await api.listPeople()
  const person = people.find((one) => one.psid === psid)
  if (!person) return
  stop()
  closeSheet()
  document.body.dataset.desk = 'closed'
  history.replaceState(null, '', `#${psid}`)
  speak(person.locale.slice(0, 2))
  document.documentElement.lang = person.locale.slice(0, 2)
  $('#scroller').ariaLabel = t('messages')

  const tap = (button) => {
    if (button.type === 'web_url') return openSheet(button.url, psid, { messenger: answerPage(psid) })
    if (button.type === 'phone_number') return toast(`${t('calling')} ${button.payload}`)
    return attempt(() => api.act(psid, 'postback', { payload: button.payload, title: button.title }))
  }
  const handlers = {
    tap,
    unsend: (entry) => attempt(() => api.act(psid, 'unsend', { mid: entry.mid })),
    react: (entry, emoji) => attempt(() => api.act(psid, 'react', { mid: entry.mid, emoji })),
    begin: (question) =>
      attempt(() =>
        question
          ? api.act(psid, 'postback', { payload: question.payload, title: question.question })
          : api.act(psid, 'start'),
      ),
  }
  const composer = createComposer(psid, tap)
  let first = true
  let read = 0
  stop = api.watch(
    psid,
    (view) => {
      people = people.map((one) => (one.psid === psid ? view.person : one))
      drawBar(view)
      composer.update(view)
      drawChat(view, handlers)
      drawDesk(people, view.person)
      if (first) scrollToEnd()
      first = false
      const latest = view.entries.findLast(({ from }) => from === 'page')?.at ?? 0
      if (latest > read && !document.hidden) {
        read = latest
        api.act(psid, 'read').catch(() => {})
      }
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
    openSheet(address, psid, { messenger: answerPage(psid) })
  }
}

/** What the extensions of a page in the sheet ask of the app around it. */
const answerPage = (psid) => async (what) => {
  if (what === 'getContext') return api.context(psid)
  if (what === 'requestCloseBrowser') closeSheet()
  return {}
}

function drawBar(view) {
  document.title = `${view.page.name} · Phone`
  $('#bar').replaceChildren(
    h('span', { class: 'avatar', ariaHidden: 'true' }, initial(view.page.name)),
    h('div', { class: 'bar-title' }, h('h1', {}, view.page.name), h('small', {}, 'Messenger')),
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
