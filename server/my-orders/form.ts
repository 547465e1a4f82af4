import { z } from 'zod'
import { AppError, type Call, type CustomerCaller } from '../http/index.ts'
import { hasWord } from '../language/index.ts'

/** What a form of ours sends: short texts, each name once. */
export const formBody = z.instanceof(Buffer)
export const formLimit = 32 * 1024

/** The fields of a form, blanks around them gone. What is sent twice counts once: the last. */
export function readForm({
  body,
  headers,
}: Pick<Call<unknown, unknown, Buffer>, 'body' | 'headers'>): Fields {
  if (body.length && !/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')) {
    throw new AppError('body.type', 'Send a form: application/x-www-form-urlencoded.', { status: 415 })
  }
  const fields = [...new URLSearchParams(body.toString('utf8'))].slice(0, 100)
  return new Map(fields.map(([name, value]) => [name, value.trim()]))
}

export type Fields = ReadonlyMap<string, string>

const person = ['name', 'phone', 'email'] as const
const place = ['line1', 'line2', 'subdistrict', 'district', 'city', 'province', 'postalCode'] as const
const addressFields = [...person, ...place]

type Place = (typeof place)[number]

/** What an address of a country has, in the order in which it is written there, and what may be left out. */
export const addressParts: Record<string, { parts: Place[]; optional: Place[] }> = {
  TH: { parts: ['postalCode', 'subdistrict', 'district', 'province', 'line1'], optional: [] },
  JP: { parts: ['postalCode', 'province', 'city', 'line1', 'line2'], optional: ['line2'] },
  ID: { parts: ['line1', 'district', 'city', 'province', 'postalCode'], optional: [] },
  RU: { parts: ['postalCode', 'province', 'city', 'line1'], optional: ['province'] },
  TM: { parts: ['city', 'line1', 'postalCode'], optional: [] },
}
const anywhere: (typeof addressParts)[string] = {
  parts: ['line1', 'line2', 'city', 'province', 'postalCode'],
  optional: ['line2', 'province'],
}

/** The address that a form carries, as the pipeline takes it; blanks are left out. */
export function addressIn(fields: Fields, country: string): Record<string, string> {
  const given = addressFields.flatMap((name) => {
    const value = fields.get(name)
    return value ? [[name, value] as const] : []
  })
  return { ...Object.fromEntries(given), country }
}

/** The fields of an address for a form: what was typed, and which of it the server did not take. */
export function addressForm(fields: Fields, wrong: readonly string[], country: string) {
  const { parts, optional } = addressParts[country] ?? anywhere
  const mayMiss: string[] = ['email', ...optional]
  return [...person, ...parts].map((name) => {
    const local = `checkout.address.in.${country}.${name}`
    return {
      name,
      label: hasWord(local) ? local : `checkout.address.${name}`,
      value: fields.get(name) ?? '',
      wrong: wrong.includes(`address.${name}`),
      required: !mayMiss.includes(name),
      type: name === 'email' ? 'email' : name === 'phone' ? 'tel' : 'text',
      autocomplete: autocomplete[name],
    }
  })
}

const autocomplete: Record<(typeof addressFields)[number], string> = {
  name: 'name',
  phone: 'tel',
  email: 'email',
  line1: 'address-line1',
  line2: 'address-line2',
  subdistrict: 'address-level4',
  district: 'address-level3',
  city: 'address-level2',
  province: 'address-level1',
  postalCode: 'postal-code',
}

export type CustomerCall = Pick<
  Call<unknown, unknown, unknown, CustomerCaller>,
  'caller' | 'headers' | 'ip' | 'request' | 'response'
>
