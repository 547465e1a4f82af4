// What the phone asks of the simulated LINE, all under /__sim/line.

async function request(path, options = {}) {
  const response = await fetch(`/__sim/line${path}`, options)
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

export const listUsers = async () => (await request('/users')).users
export const createUser = (about) => post('/users', about)
export const write = (userId, message) => post(`/users/${userId}/messages`, message)
export const postback = (userId, body) => post(`/users/${userId}/postback`, body)
export const follow = (userId) => post(`/users/${userId}/follow`)
export const unfollow = (userId) => post(`/users/${userId}/unfollow`)
export const unsend = (userId, messageId) => post(`/users/${userId}/unsend`, { messageId })
export const switchMenu = (userId, body) => post(`/users/${userId}/switch-menu`, body)

export const sendFile = (userId, file) =>
  request(`/users/${userId}/messages`, {
    method: 'POST',
    headers: {
      'content-type': file.type || 'application/octet-stream',
      'x-file-name': encodeURIComponent(file.name),
    },
    body: file,
  })

/** Calls back with the whole chat, now and after every change; returns the function that stops it. */
export function watch(userId, onView, onConnection) {
  const source = new EventSource(`/__sim/line/users/${userId}/stream`)
  source.onmessage = (event) => onView(JSON.parse(event.data))
  source.onopen = () => onConnection(true)
  source.onerror = () => onConnection(false)
  return () => source.close()
}
