// The page of fault knobs: reads GET /__sim/faults, turns with PUT, and lists the webhooks that were delivered.
const list = document.querySelector('#knobs')
const platform = document.querySelector('#platform')
const log = document.querySelector('#deliveries')
const status = document.querySelector('[role=status]')

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

async function turn(knob, value, next) {
  const response = await fetch('/__sim/faults', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ [knob.platform]: { [knob.name]: next ? { value, next } : value } }),
  })
  const body = await response.json()
  status.textContent = response.ok ? `${knob.platform}.${knob.name} = ${value}` : body.error
  if (response.ok) draw(body.knobs)
}

function draw(knobs) {
  list.replaceChildren()
  for (const [platform, group] of Object.entries(Object.groupBy(knobs, (knob) => knob.platform))) {
    const rows = make('div', { className: 'knobs' }, ...group.map(row))
    list.append(make('h2', { textContent: platform }), rows)
  }
}

function row(knob) {
  const id = `${knob.platform}-${knob.name}`
  const once = make('input', {
    type: 'number',
    min: 1,
    className: 'once',
    placeholder: 'always',
    value: knob.remaining ?? '',
    title: 'For the next so many times; empty: until it is turned back',
    ariaLabel: `How many times ${knob.name} applies`,
  })
  const control = controlOf(knob, id)
  control.addEventListener('change', () =>
    turn(knob, readControl(control, knob), Number(once.value) || undefined),
  )
  const words = make('label', { htmlFor: id }, make('code', { textContent: knob.name }))
  words.append(make('small', { textContent: knob.description }))
  const element = make('div', { className: 'knob' }, words, once, control)
  element.dataset.turned = String(knob.value !== knob.default)
  return element
}

function controlOf(knob, id) {
  if (knob.type === 'boolean') {
    return make('input', { id, type: 'checkbox', role: 'switch', className: 'switch', checked: knob.value })
  }
  if (knob.choices) {
    const options = knob.choices.map((text) =>
      make('option', { textContent: text, selected: text === knob.value }),
    )
    return make('select', { id }, ...options)
  }
  return make('input', { id, type: knob.type, value: knob.value })
}

const readControl = (control, knob) => {
  if (knob.type === 'boolean') return control.checked
  return knob.type === 'number' ? Number(control.value) : control.value
}

async function refresh() {
  const { knobs } = await (await fetch('/__sim/faults')).json()
  draw(knobs)
}

async function refreshLog() {
  const { deliveries, endpoint } = await (await fetch(`/__sim/${platform.value}/deliveries`)).json()
  document.querySelector('#endpoint').textContent = endpoint.url
  log.replaceChildren(...deliveries.slice(0, 50).map(deliveryRow))
}

function deliveryRow(delivery) {
  const outcome = delivery.reason ?? String(delivery.status ?? 'under way')
  const details = make(
    'details',
    {},
    make('summary', { textContent: delivery.events.join(', ') || 'no events' }),
  )
  details.append(make('pre', { textContent: delivery.body }))
  if (delivery.detail) details.append(make('pre', { textContent: delivery.detail }))
  return make(
    'tr',
    {},
    make('td', { textContent: new Date(delivery.at).toLocaleTimeString() }),
    make('td', {}, details),
    make('td', { textContent: delivery.isRedelivery ? 'again' : 'first' }),
    make('td', { textContent: outcome, className: delivery.reason ? 'bad' : 'ok' }),
    make('td', { textContent: delivery.tookMs === undefined ? '' : `${delivery.tookMs} ms` }),
  )
}

async function reset() {
  await fetch('/__sim/faults', { method: 'DELETE' })
  status.textContent = 'All knobs are back to normal.'
  await refresh()
}

document.querySelector('#reset').addEventListener('click', () => void reset())
platform.addEventListener('change', () => void refreshLog())
document.querySelector('#reload').addEventListener('click', () => void refreshLog())

await Promise.all([refresh(), refreshLog()])
