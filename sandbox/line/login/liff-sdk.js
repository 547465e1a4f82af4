// The LIFF SDK's interface over the simulated LINE: `window.liff`, the same names, the same answers.
// Loaded from the sandbox's own address, which it therefore knows.
;(() => {
  const sandbox = new URL(document.currentScript.src).origin
  const inFrame = window.parent !== window
  let liffId = null
  let session = null
  let credentials = ''
  let markReady
  const ready = new Promise((resolve) => {
    markReady = resolve
  })

  /** Nothing is kept where the browser denies a frame its storage, as for third parties. */
  function kept(work) {
    try {
      return work(sessionStorage, `liff:${liffId}`)
    } catch {
      return null
    }
  }

  /** What the LINE app put into the fragment; kept for the pages that follow, as LIFF does. */
  function readSession() {
    const fragment = new URLSearchParams(location.hash.slice(1))
    if (fragment.has('access_token')) {
      const given = {
        accessToken: fragment.get('access_token'),
        idToken: fragment.get('id_token'),
        ...JSON.parse(fragment.get('liff_context')),
      }
      credentials = location.hash
      kept((storage, key) => storage.setItem(key, JSON.stringify(given)))
      history.replaceState(history.state, '', location.pathname + location.search)
      return given
    }
    return kept((storage, key) => JSON.parse(storage.getItem(key)))
  }

  /** From the endpoint URL to the path in `liff.state`; the promise of init() ends on that page. */
  function goOn() {
    const address = new URL(location.href)
    const state = address.searchParams.get('liff.state')
    if (state === null) return false
    address.searchParams.delete('liff.state')
    const [, path = '', query = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(state) ?? []
    address.pathname =
      address.pathname.replace(/\/$/, '') + (path && !path.startsWith('/') ? `/${path}` : path)
    for (const [name, value] of new URLSearchParams(query)) address.searchParams.append(name, value)
    // Where nothing can be kept, the credentials have to travel on.
    address.hash = kept((storage, key) => storage.getItem(key)) ? hash : credentials
    location.replace(address.href)
    return true
  }

  class LiffError extends Error {
    constructor(code, message) {
      super(message)
      this.code = code
      this.name = 'LiffError'
    }
  }

  const needSession = () => {
    if (!liffId) throw new LiffError('INIT_FAILED', 'Need to call liff.init() first')
    if (!session) throw new LiffError('UNAUTHORIZED', 'Need access_token for api call, Please login first')
    return session
  }

  const tellPhone = (message) => window.parent.postMessage({ liff: liffId, ...message }, sandbox)

  async function call(path, options = {}) {
    const { accessToken } = needSession()
    const response = await fetch(sandbox + path, {
      ...options,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    })
    const body = await response.json().catch(() => ({}))
    if (!response.ok) throw new LiffError(String(response.status), body.message ?? 'The request failed')
    return body
  }

  const decode = (token) => {
    const bytes = Uint8Array.from(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')), (c) =>
      c.charCodeAt(0),
    )
    return JSON.parse(new TextDecoder().decode(bytes))
  }

  window.liff = {
    ready,
    get id() {
      return liffId
    },
    async init(config, onSuccess, onError) {
      try {
        if (!config?.liffId) throw new LiffError('INVALID_CONFIG', 'liffId is necessary for liff.init()')
        liffId = config.liffId
        session = readSession()
        if (goOn()) return new Promise(() => {})
        if (!session && config.withLoginOnExternalBrowser) {
          window.liff.login()
          return new Promise(() => {})
        }
        markReady()
        onSuccess?.()
      } catch (error) {
        onError?.(error)
        throw error
      }
    },
    isInClient: () => session?.inClient === true,
    isLoggedIn: () => session !== null,
    login({ redirectUri = location.href } = {}) {
      const address = new URL(`${sandbox}/liff/${liffId}/login`)
      address.searchParams.set('redirectUri', redirectUri)
      location.assign(address.href)
    },
    logout() {
      kept((storage, key) => storage.removeItem(key))
      session = null
    },
    getIDToken: () => session?.idToken ?? null,
    getDecodedIDToken: () => (session?.idToken ? decode(session.idToken) : null),
    getAccessToken: () => session?.accessToken ?? null,
    getProfile: () => call('/v2/profile'),
    getFriendship: async () => ({ friendFlag: true }),
    getContext: () => session?.context ?? null,
    getOS: () => 'web',
    getLanguage: () => session?.language ?? navigator.language,
    getAppLanguage: () => session?.language ?? navigator.language,
    getVersion: () => '2.31.0',
    getLineVersion: () => (session?.inClient ? '15.0.0' : null),
    isApiAvailable: (name) => name !== 'shareTargetPicker' && name !== 'scanCodeV2',
    sendMessages(messages) {
      if (!needSession().inClient) {
        return Promise.reject(new LiffError('FORBIDDEN', 'This method is only available in the LINE app'))
      }
      return call('/liff/messages', { method: 'POST', body: JSON.stringify({ messages }) }).then(() => {})
    },
    openWindow({ url, external = false }) {
      if (external || !inFrame) window.open(url, '_blank', 'noopener')
      else tellPhone({ action: 'openWindow', url })
    },
    closeWindow() {
      if (inFrame) tellPhone({ action: 'closeWindow' })
      else window.close()
    },
    permanentLink: {
      async createUrlBy(url) {
        const { endpoint } = needSession()
        if (!url.startsWith(endpoint)) {
          throw new LiffError('INVALID_ARGUMENT', `The address must begin with ${endpoint}`)
        }
        return `${sandbox}/liff/${liffId}${url.slice(endpoint.length)}`
      },
    },
  }
})()
