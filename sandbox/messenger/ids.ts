import { randomBytes, randomInt } from 'node:crypto'

/** Seventeen digits and more: no JavaScript number holds them exactly. */
export const newPsid = (): string => `7${Array.from({ length: 17 }, () => randomInt(10)).join('')}`

export const newMid = (): string => `m_${randomBytes(48).toString('base64url')}`
