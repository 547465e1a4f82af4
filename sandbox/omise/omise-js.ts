/**
 * The script that a shop's page loads: same names, arguments and callbacks as the platform's own. Card numbers go from
 * the browser straight to the vault, which here is this simulator.
 */
export const omiseJs = (baseUrl: string): string => `(function () {
  'use strict'
  var base = ${JSON.stringify(baseUrl)}
  var key = null

  function post(path, body, done, failure) {
    fetch(base + path, {
      method: 'POST',
      headers: { Authorization: 'Basic ' + btoa(key + ':'), 'Content-Type': 'application/json', 'Omise-Version': '2019-05-29' },
      body: JSON.stringify(body),
    })
      .then(function (response) {
        return response.json().then(function (data) { done(response.status, data) })
      })
      .catch(function (error) { done(0, { object: 'error', code: failure, message: error.message }) })
  }

  window.Omise = {
    setPublicKey: function (publicKey) { key = publicKey; return key },
    createToken: function (as, attributes, handler) {
      var data = {}
      data[as] = attributes
      post('/tokens', data, handler, 'rpc_error')
    },
    createSource: function (type, options, handler) {
      post('/sources', Object.assign({}, options, { type: type }), handler, 'create_source_error')
    },
  }
})()
`
