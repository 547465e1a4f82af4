import { z } from 'zod'
import type { NewOrder } from './order.ts'

/** A call that the bank refuses, with its own code. */
export class Refusal extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export const missing = (name: string) => new Refusal(4, `The parameter [${name}] is empty`)
const wrong = (name: string) => new Refusal(5, `The value of [${name}] is not right`)

const LEAST = 100
const integer = (value: string) => (/^\d{1,12}$/.test(value) ? Number(value) : Number.NaN)
const isAddress = (value: string) => /^https?:\/\//.test(value) && URL.canParse(value)

/** The form of one call. */
export type Form = Map<string, string>

/** Takes a form body alone, and nothing from the address: a password there would end up in somebody's log. */
export function formOf(body: unknown): Form {
  const fields = z.record(z.string(), z.string()).safeParse(body)
  return new Map(fields.success ? Object.entries(fields.data) : [])
}

export function needed(form: Form, name: string): string {
  const value = form.get(name)?.trim()
  if (!value) throw missing(name)
  return value
}

const known = [
  'userName',
  'password',
  'orderNumber',
  'amount',
  'currency',
  'returnUrl',
  'failUrl',
  'description',
  'language',
  'pageView',
  'sessionTimeoutSecs',
  'clientId',
  'jsonParams',
]

/** An order as register.do takes it; refuses what the real one chokes on. */
export function readNewOrder(form: Form): NewOrder {
  for (const name of form.keys()) if (!known.includes(name)) throw wrong(name)
  const number = needed(form, 'orderNumber')
  const amount = integer(needed(form, 'amount'))
  const currency = form.get('currency') ?? '934'
  const returnUrl = needed(form, 'returnUrl')
  const failUrl = form.get('failUrl') || returnUrl
  const description = form.get('description') ?? ''
  const language = form.get('language') || 'ru'
  const sessionSeconds = integer(form.get('sessionTimeoutSecs') || '1200')
  if (number.length > 30) throw wrong('orderNumber')
  if (!(amount >= LEAST)) throw wrong('amount')
  if (currency !== '934') throw new Refusal(3, 'Unknown currency')
  if (!isAddress(returnUrl)) throw wrong('returnUrl')
  if (!isAddress(failUrl)) throw wrong('failUrl')
  if (/[#%&]/.test(description) || /^[^ -~]/.test(description) || description.length > 99) {
    throw wrong('description')
  }
  if (!['ru', 'en', 'tm'].includes(language)) throw wrong('language')
  if (!['DESKTOP', 'MOBILE'].includes(form.get('pageView') || 'DESKTOP')) throw wrong('pageView')
  if (!(sessionSeconds > 0)) throw wrong('sessionTimeoutSecs')
  return { number, amount, currency, returnUrl, failUrl, description, language, sessionSeconds }
}

export function readAmount(form: Form): number {
  const amount = integer(needed(form, 'amount'))
  if (!(amount > 0)) throw wrong('amount')
  return amount
}
