import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unreadLines } from '../../server/setting-checks.ts'
import { readSettings, root, SettingsError, settingNames } from '../../server/settings.ts'

const line = { LINE_CHANNEL_SECRET: 'secret', LINE_CHANNEL_ACCESS_TOKEN: 'token' }

/** What a person reads whose settings are wrong. */
function refusal(env: Record<string, string>): string {
  try {
    readSettings(env)
  } catch (error) {
    assert.ok(error instanceof SettingsError)
    return error.message
  }
  return assert.fail('These settings were taken')
}

describe('settings', () => {
  it('are all optional: without any, the outside world is simulated', () => {
    const settings = readSettings({})
    assert.equal(settings.sandbox, true)
    assert.equal(settings.publicUrl, 'http://localhost:3000')
    assert.equal(settings.sandboxUrl, 'http://localhost:3001')
    assert.deepEqual(settings.roles, ['web', 'worker'])
    assert.match(settings.line?.apiUrl ?? '', /:3001$/)
    assert.match(settings.gateways.omise?.publicKey ?? '', /^pkey_test_/)
  })

  it('of one real key switch the whole sandbox off, never a part of it', () => {
    const settings = readSettings(line)
    assert.equal(settings.sandbox, false)
    assert.equal(settings.line?.apiUrl, 'https://api.line.me')
    assert.equal(settings.gateways.omise, null)
    assert.equal(settings.smtp, null)
  })

  it('with SANDBOX=1 simulate the world with keys of your own choice', () => {
    const settings = readSettings({ ...line, SANDBOX: '1' })
    assert.equal(settings.sandbox, true)
    assert.equal(settings.line?.channelSecret, 'secret')
    assert.match(settings.line?.apiUrl ?? '', /127\.0\.0\.1:3001$/)
    assert.ok(settings.gateways.omise)
  })

  it('start the simulated world beside the web, unless it is simulated elsewhere', () => {
    const elsewhere = { LINE_API_URL: 'http://127.0.0.1:4000', OMISE_API_URL: 'http://127.0.0.1:4000' }
    assert.equal(readSettings({}).startsSandbox, true)
    assert.equal(readSettings(elsewhere).startsSandbox, false)
    assert.equal(readSettings({ ROLES: 'worker' }).startsSandbox, false)
    assert.equal(readSettings({ SANDBOX: '0' }).startsSandbox, false)
  })

  it('with SANDBOX=0 simulate nothing, and what has no key is off', () => {
    const settings = readSettings({ SANDBOX: '0' })
    assert.deepEqual(
      [settings.sandbox, settings.line, settings.gateways.omise, settings.sandboxUrl],
      [false, null, null, null],
    )
  })

  it('never simulate anything where others can reach it', () => {
    assert.match(
      refusal({ PUBLIC_URL: 'https://shop.example.com' }),
      /PUBLIC_URL is https:\/\/shop\.example\.com/,
    )
    assert.match(refusal({ PUBLIC_URL: 'http://192.168.1.5:3000', SANDBOX: '1' }), /PUBLIC_URL/)
    assert.equal(readSettings({ PUBLIC_URL: 'http://127.0.0.1:3000/' }).publicUrl, 'http://127.0.0.1:3000')
    assert.equal(readSettings({ PUBLIC_URL: 'https://shop.example.com', ...line }).https, true)
  })

  it('keep the demo keys over restarts', () => {
    const secrets = { session: 's'.repeat(64), encryption: '0'.repeat(64) }
    assert.deepEqual(
      readSettings({}, () => secrets),
      readSettings({}, () => secrets),
    )
  })

  const wrong: [string, string, RegExp][] = [
    ['PORT', 'abc', /^PORT is "abc": it must be a port number/],
    ['PORT', '70000', /^PORT is "70000"/],
    ['PUBLIC_URL', 'shop.example.com', /^PUBLIC_URL is "shop\.example\.com": it must be the address/],
    ['ROLES', 'web,cook', /^ROLES is "web,cook": it must be web, worker, or both/],
    ['SANDBOX', 'yes', /^SANDBOX is "yes": it must be 1/],
    ['RATE_LIMITS', 'no', /^RATE_LIMITS is "no": it must be on or off/],
    ['LINE_API_URL', 'api.line.me', /^LINE_API_URL is "api\.line\.me"/],
  ]
  for (const [name, value, sentence] of wrong) {
    it(`tell in a sentence that ${name} cannot be ${value}`, () =>
      assert.match(refusal({ [name]: value }), sentence))
  }

  it('never repeat a secret that is wrong', () => {
    for (const name of [
      'OMISE_SECRET_KEY',
      'ENCRYPTION_KEY',
      'SESSION_SECRET',
      'ADMIN_PASSWORD',
      'MONGODB_URI',
      'SMTP_URL',
    ]) {
      const message = refusal({ [name]: 'hunter2' })
      assert.match(message, new RegExp(`^${name} is not right: it must be`, 'm'))
      assert.ok(!message.includes('hunter2'))
    }
  })

  it('name all that is wrong at once', () => {
    assert.equal(refusal({ PORT: 'x', ROLES: 'x' }).split('\n').length, 2)
  })

  it('that mean nothing alone are asked for together', () => {
    assert.match(
      refusal({ LINE_CHANNEL_SECRET: 'x' }),
      /LINE_CHANNEL_SECRET is set but LINE_CHANNEL_ACCESS_TOKEN is not/,
    )
    assert.match(refusal({ ADMIN_USERNAME: 'owner' }), /ADMIN_USERNAME is set but ADMIN_PASSWORD is not/)
  })

  it('of two modes are told apart before anybody pays', () => {
    const keys = { OMISE_PUBLIC_KEY: 'pkey_live_1', OMISE_SECRET_KEY: 'skey_test_1' }
    assert.match(refusal(keys), /OMISE_PUBLIC_KEY and OMISE_SECRET_KEY do not belong together/)
  })

  it('that are no NAME=value are not passed over in silence', () => {
    const words = ["# the shop's own", 'PORT=3000', '', 'PUBLIC_URL: https://x.example', 'A="two', 'lines"']
    assert.deepEqual(unreadLines(words.join('\n')), [4])
    assert.deepEqual(unreadLines(readFileSync(join(root, '.env.example'), 'utf8')), [])
  })

  it('count as absent when they are empty, as they are in .env.example', () => {
    assert.deepEqual(readSettings({ PORT: '', LINE_CHANNEL_SECRET: ' ' }).sandbox, true)
  })

  it('are all explained in .env.example, and nothing else is', () => {
    const example = readFileSync(join(root, '.env.example'), 'utf8')
    const explained = [...example.matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name)
    assert.deepEqual(explained.toSorted(), [...settingNames].toSorted())
  })
})
