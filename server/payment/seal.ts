import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { settings } from '../settings.ts'

const ALGORITHM = 'aes-256-gcm'
const PURPOSE = Buffer.from('payment-token')

/** Encrypts what the database shall not know, with the installation's newest key. */
export function seal(text: string): string {
  const [key] = settings().encryptionKeys
  if (!key) throw new Error('ENCRYPTION_KEY is missing')
  const nonce = randomBytes(12)
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(PURPOSE)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return [nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url')).join('.')
}

/** Opens it with whichever key has sealed it; null when none of ours did. */
export function unseal(sealed: string): string | null {
  const [nonce, tag, body] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'))
  if (!nonce || !tag || !body) return null
  for (const key of settings().encryptionKeys) {
    try {
      const decipher = createDecipheriv(ALGORITHM, key, nonce).setAAD(PURPOSE).setAuthTag(tag)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    } catch {
      // Sealed with an older key, or with nobody's.
    }
  }
  return null
}
