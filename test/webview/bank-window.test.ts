import assert from 'node:assert/strict'
import { isInApp } from '../../webview/checkout/state/bank-window.ts'

const android =
  'Mozilla/5.0 (Linux; Android 14; SM-A556E Build/UP1A; wv) AppleWebKit/537.36 Chrome/125.0 Mobile Safari/537.36'
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'

describe('a browser', () => {
  it('inside an app has no windows', () => {
    for (const agent of [
      `${iphone} Mobile/15E148 Safari Line/14.8.0`,
      `${android} Line/14.8.0/IAB`,
      `${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/466.0]`,
      `${android} [FB_IAB/Orca-Android;FBAV/458.0]`,
      `${iphone} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/459.0]`,
      android,
    ]) {
      assert.equal(isInApp(agent), true, agent)
    }
  })

  it('of its own has them', () => {
    for (const agent of [
      `${iphone} Version/17.5 Mobile/15E148 Safari/604.1`,
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0',
      'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15 Airline/2',
    ]) {
      assert.equal(isInApp(agent), false, agent)
    }
  })
})
