// How the phone asks a simulated platform, below its `/__sim/…`.

export function askAt(root) {
  async function request(path, options = {}) {
    const response = await fetch(root + path, options)
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

  const postFile = (path, file, headers = {}) =>
    request(path, {
      method: 'POST',
      headers: { 'content-type': file.type || 'application/octet-stream', ...headers },
      body: file,
    })

  /** Calls back with the whole chat, now and after every change; returns the function that stops it. */
  function watch(path, onView, onConnection) {
    const source = new EventSource(root + path)
    source.onmessage = (event) => onView(JSON.parse(event.data))
    source.onopen = () => onConnection(true)
    source.onerror = () => onConnection(false)
    return () => source.close()
  }

  return { request, post, postFile, watch }
}
