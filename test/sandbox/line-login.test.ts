import assert from 'node:assert/strict'
import { createHash, createPublicKey, createVerify } from 'node:crypto'
import { type LineWorld, startLine } from '../support/line-sandbox.ts'

describe('the simulated LINE Login', () => {
  let world: LineWorld
  let userId: string

  before(async () => {
    world = await startLine()
    userId = world.line.createUser({ displayName: 'สมชาย' }).userId
  })
  afterEach(() => world.faults.reset())
  after(() => world.close())

  const post = async (path: string, form: Record<string, string>) => {
    const response = await fetch(world.url + path, { method: 'POST', body: new URLSearchParams(form) })
    return { status: response.status, body: (await response.json()) as Record<string, string> }
  }
  const verify = (idToken: string, more: Record<string, string> = {}) =>
    post('/oauth2/v2.1/verify', { id_token: idToken, client_id: world.channel.loginChannelId, ...more })

  describe('an ID token', () => {
    it('tells who the page belongs to', async () => {
      const { status, body } = await verify(world.line.idToken(userId, { nonce: 'n1' }), {
        nonce: 'n1',
        user_id: userId,
      })
      assert.equal(status, 200)
      assert.equal(body['iss'], 'https://access.line.me')
      assert.equal(body['sub'], userId)
      assert.equal(body['aud'], world.channel.loginChannelId)
      assert.equal(body['name'], 'สมชาย')
    })

    it('is signed with the key that is published', async () => {
      const [header = '', claims = '', signature = ''] = world.line.idToken(userId).split('.')
      const { keys } = (await (await fetch(`${world.url}/oauth2/v2.1/certs`)).json()) as {
        keys: JsonWebKey[]
      }
      const key = createPublicKey({ key: keys[0] as never, format: 'jwk' })
      const genuine = createVerify('sha256')
        .update(`${header}.${claims}`)
        .verify({ key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
      assert.equal(genuine, true)
    })

    it('is refused in the words of LINE', async () => {
      const cases: [string, Record<string, string>, string][] = [
        ['nonsense', {}, 'JWS format error'],
        [tampered(world.line.idToken(userId)), {}, 'Invalid IdToken.'],
        [world.line.idToken(userId, { iss: 'https://evil.example' }), {}, 'Invalid IdToken Issuer.'],
        [world.line.idToken(userId, { aud: '1' }), {}, 'Invalid IdToken Audience.'],
        [world.line.idToken(userId, { nonce: 'a' }), { nonce: 'b' }, 'Invalid IdToken Nonce.'],
        [
          world.line.idToken(userId),
          { user_id: `U${'1'.repeat(32)}` },
          'Invalid IdToken Subject Identifier.',
        ],
      ]
      for (const [token, more, description] of cases) {
        const { status, body } = await verify(token, more)
        assert.deepEqual([status, body], [400, { error: 'invalid_request', error_description: description }])
      }
    })

    it('runs out after an hour', async () => {
      const token = world.line.idToken(userId)
      world.line.advance(3600_000)
      assert.equal((await verify(token)).body['error_description'], 'IdToken expired.')
    })

    const tampered = (token: string) => {
      const [header, claims = '', signature] = token.split('.')
      const changed = {
        ...JSON.parse(Buffer.from(claims, 'base64url').toString()),
        sub: `U${'2'.repeat(32)}`,
      }
      return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
    }
  })

  describe('a LIFF link', () => {
    const follow = async (path: string) => {
      const response = await fetch(`${world.url}/liff/${world.channel.liffId}${path}`, { redirect: 'manual' })
      return new URL(response.headers.get('location') ?? 'about:blank')
    }

    it('leads to the endpoint with the rest in liff.state, and the person in the fragment', async () => {
      const target = await follow(`/order-1?tab=pay&sim_user=${userId}`)
      assert.equal(target.origin + target.pathname, world.channel.liffEndpoint)
      assert.equal(target.searchParams.get('liff.state'), '/order-1?tab=pay')
      const given = new URLSearchParams(target.hash.slice(1))
      const { body } = await verify(given.get('id_token') ?? '')
      assert.equal(body['sub'], userId)
      const profile = await fetch(`${world.url}/v2/profile`, {
        headers: { authorization: `Bearer ${given.get('access_token')}` },
      })
      assert.equal(((await profile.json()) as { userId: string }).userId, userId)
    })

    it('in an ordinary browser tells nothing of anybody', async () => {
      const target = await follow('/order-1')
      assert.equal(target.searchParams.get('liff.state'), '/order-1')
      assert.equal(target.hash, '')
    })

    it('of an unknown app leads nowhere', async () => {
      assert.equal((await fetch(`${world.url}/liff/1-nobody/x`)).status, 404)
    })

    it('can be pointed elsewhere by the login channel, and by nobody else', async () => {
      const issued = await post('/v2/oauth/accessToken', {
        grant_type: 'client_credentials',
        client_id: world.channel.loginChannelId,
        client_secret: world.channel.loginChannelSecret,
      })
      const put = (token: string, url: string) =>
        fetch(`${world.url}/liff/v1/apps/${world.channel.liffId}`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ view: { url } }),
        })
      const token = issued.body['access_token'] ?? ''
      assert.equal((await put(world.channel.accessToken, 'https://shop.example.com/w')).status, 401)
      assert.equal((await put(token, 'http://shop.example.com/w')).status, 400)
      assert.equal((await put(token, 'https://shop.example.com/w')).status, 200)
      assert.equal((await follow('/a')).origin, 'https://shop.example.com')
      await put(token, world.channel.liffEndpoint)
    })
  })

  describe('on the web', () => {
    const redirectUri = 'http://localhost:3000/login/line'
    const verifier = 'a verifier that only the one who began the login knows'
    const authorize = async () => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: world.channel.loginChannelId,
        redirect_uri: redirectUri,
        state: 's1',
        scope: 'openid profile',
        nonce: 'n1',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        sim_user: userId,
      })
      const response = await fetch(`${world.url}/oauth2/v2.1/authorize?${query}`, { redirect: 'manual' })
      return new URL(response.headers.get('location') ?? 'about:blank').searchParams
    }
    const redeem = (code: string, more: Record<string, string> = {}) =>
      post('/oauth2/v2.1/token', {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: world.channel.loginChannelId,
        client_secret: world.channel.loginChannelSecret,
        code_verifier: verifier,
        ...more,
      })

    it('gives a code, and for the code an ID token, once', async () => {
      const given = await authorize()
      assert.equal(given.get('state'), 's1')
      const code = given.get('code') ?? ''
      const { body } = await redeem(code)
      const { body: claims } = await verify(body['id_token'] ?? '', { nonce: 'n1' })
      assert.equal(claims['sub'], userId)
      assert.equal((await redeem(code)).body['error'], 'invalid_grant')
    })

    it('gives nothing to whoever stole the code', async () => {
      const code = (await authorize()).get('code') ?? ''
      assert.equal((await redeem(code, { code_verifier: 'a guess' })).status, 400)
    })

    it('gives nothing without the secret', async () => {
      const code = (await authorize()).get('code') ?? ''
      assert.equal((await redeem(code, { client_secret: 'a guess' })).body['error'], 'invalid_client')
    })
  })
})
