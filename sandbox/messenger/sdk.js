// The interface of Messenger's extensions over the simulated phone: the same names, the same answers. The phone around
// the frame knows whose it is; in any other window there is no context, as in browsers that the real one fails in.
;(() => {
  const sandbox = new URL(document.currentScript.src).origin
  const inFrame = window.parent !== window
  let asked = 0

  function ask(what, good, bad) {
    if (!inFrame) return bad(2071010, 'Messenger Extensions are not enabled here')
    const id = ++asked
    const timer = setTimeout(() => {
      window.removeEventListener('message', hear)
      bad(2071010, 'Messenger did not answer')
    }, 3000)
    function hear(event) {
      if (event.source !== window.parent || event.data?.messengerAnswer !== id) return
      clearTimeout(timer)
      window.removeEventListener('message', hear)
      if (event.data.error) bad(2071010, event.data.error)
      else good(event.data.result)
    }
    window.addEventListener('message', hear)
    for (const origin of [sandbox, sandbox.replace('//localhost', '//127.0.0.1')]) {
      window.parent.postMessage({ messenger: what, id }, origin)
    }
  }

  window.MessengerExtensions = {
    getContext: (_appId, good, bad) => ask('getContext', good, bad),
    requestCloseBrowser: (good, bad) => ask('requestCloseBrowser', good, bad),
    isInExtension: () => inFrame,
  }
  window.extAsyncInit?.()
})()
