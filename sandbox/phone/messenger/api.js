// What the phone asks of the simulated Messenger, all under /__sim/messenger.

async function request(path, options = {}) {
  const response = await fetch(`/__sim/messenger${path}`, options)
  const body = await response.json().catch(() => ({}))
  if (!response.ok) throw new Error(body.error ?? `The sandbox answered ${response.status}`)
  return body
}

const post = (path, body = {}) =>
  request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

export const listPeople = async () => (await request('/people')).people
export const createPerson = (about) => post('/people', about)
export const write = (psid, message) => post(`/people/${psid}/messages`, message)
/** One small thing that a person does: postback, start, react, unsend, read, block … */
export const act = (psid, what, about = {}) => post(`/people/${psid}/${what}`, about)
export const context = (psid) => post(`/people/${psid}/context`)

export const sendFile = (psid, file) =>
  request(`/people/${psid}/messages`, {
    method: 'POST',
    headers: { 'content-type': file.type || 'application/octet-stream' },
    body: file,
  })

/** Calls back with the whole chat, now and after every change; returns the function that stops it. */
export function watch(psid, onView, onConnection) {
  const source = new EventSource(`/__sim/messenger/people/${psid}/stream`)
  source.onmessage = (event) => onView(JSON.parse(event.data))
  source.onopen = () => onConnection(true)
  source.onerror = () => onConnection(false)
  return () => source.close()
}
