import {
  createHmac,
  createSign,
  createVerify,
  generateKeyPairSync,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto'
import type { SandboxContext } from '../../context.ts'
import type { Fields, LineChannel, LineUser } from '../types.ts'

const ISSUER = 'https://access.line.me'
const LIFETIME_SECONDS = 3600

export interface IdTokens {
  /** For a page inside LINE: ES256. `overrides` replace claims, to make tokens that must be refused. */
  issueForLiff(user: LineUser, overrides?: Fields): string
  /** For a login on the web: HS256 with the login channel's secret. */
  issueForWeb(user: LineUser, overrides?: Fields): string
  /**
   * Checks a token as `POST /oauth2/v2.1/verify` does: its claims, or the `error_description` LINE gives.
   */
  verify(asked: { idToken: string; clientId: string; nonce?: string; userId?: string }): Fields | string
  /** The public key, as `GET /oauth2/v2.1/certs` serves it. */
  certs(): object
}

export function createIdTokens({ faults, clock }: SandboxContext, channel: LineChannel): IdTokens {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomUUID()

  return {
    issueForLiff(user, overrides = {}) {
      const content = join({ alg: 'ES256', typ: 'JWT', kid }, claimsOf(user, overrides))
      const key = faults.get<boolean>('line', 'idTokenForged')
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
        : privateKey
      const signature = createSign('sha256').update(content).sign({ key, dsaEncoding: 'ieee-p1363' })
      return `${content}.${signature.toString('base64url')}`
    },
    issueForWeb(user, overrides = {}) {
      const content = join({ alg: 'HS256', typ: 'JWT' }, claimsOf(user, overrides))
      return `${content}.${hmac(content).toString('base64url')}`
    },
    verify({ idToken, clientId, nonce, userId }) {
      const token = read(idToken)
      if (!token) return 'JWS format error'
      if (!isGenuine(token)) return 'Invalid IdToken.'
      const { claims } = token
      if (claims['iss'] !== ISSUER) return 'Invalid IdToken Issuer.'
      if (Number(claims['exp']) * 1000 <= clock.now()) return 'IdToken expired.'
      if (claims['aud'] !== clientId) return 'Invalid IdToken Audience.'
      if (nonce !== undefined && claims['nonce'] !== nonce) return 'Invalid IdToken Nonce.'
      if (userId !== undefined && claims['sub'] !== userId) return 'Invalid IdToken Subject Identifier.'
      return claims
    },
    certs: () => ({
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }],
    }),
  }

  function claimsOf(user: LineUser, overrides: Fields): Fields {
    const issuedAt = Math.floor(clock.now() / 1000)
    const expired = faults.get<boolean>('line', 'idTokenExpired')
    return {
      iss: ISSUER,
      sub: user.userId,
      aud: faults.get<boolean>('line', 'idTokenForOthers') ? '1650000000' : channel.loginChannelId,
      exp: expired ? issuedAt - 1 : issuedAt + LIFETIME_SECONDS,
      iat: issuedAt,
      amr: ['linesso'],
      name: user.displayName,
      picture: user.pictureUrl,
      ...overrides,
    }
  }

  function isGenuine({ header, content, signature }: ReadToken): boolean {
    if (header['alg'] === 'ES256') {
      return createVerify('sha256')
        .update(content)
        .verify({ key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
    }
    if (header['alg'] !== 'HS256') return false
    const expected = hmac(content)
    return expected.length === signature.length && timingSafeEqual(expected, signature)
  }

  function hmac(content: string): Buffer {
    return createHmac('sha256', channel.loginChannelSecret).update(content).digest()
  }
}

interface ReadToken {
  header: Fields
  claims: Fields
  content: string
  signature: Buffer
}

function read(token: string): ReadToken | undefined {
  const [header, claims, signature, ...rest] = token.split('.')
  if (!header || !claims || !signature || rest.length > 0) return undefined
  try {
    return {
      header: JSON.parse(Buffer.from(header, 'base64url').toString()) as Fields,
      claims: JSON.parse(Buffer.from(claims, 'base64url').toString()) as Fields,
      content: `${header}.${claims}`,
      signature: Buffer.from(signature, 'base64url'),
    }
  } catch {
    return undefined
  }
}

const join = (header: object, claims: object): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
