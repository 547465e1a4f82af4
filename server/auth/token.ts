import { createHash, randomBytes } from 'node:crypto'

/** A random token for a cookie or a link: 256 bits, safe in an address. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What is stored of a token: whoever reads the database cannot use it. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url')
