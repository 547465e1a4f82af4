import { z } from 'zod'
import { AppError, type Call, type CustomerCaller } from '../http/index.ts'

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

const addressFields = [
  'name',
  'phone',
  'email',
  'line1',
  'subdistrict',
  'district',
  'city',
  'province',
  'postalCode',
] as const

/** The address that a form carries, as the pipeline takes it; blanks are left out. */
export function addressIn(fields: Fields, country: string): Record<string, string> {
  const given = addressFields.flatMap((name) => {
    const value = fields.get(name)
    return value ? [[name, value] as const] : []
  })
  return { ...Object.fromEntries(given), country }
}

/** The fields of an address for a form: what was typed, and which of it the server did not take. */
export const addressForm = (fields: Fields, wrong: readonly string[], country: string) =>
  addressFields
    .filter((name) => country === 'TH' || (name !== 'subdistrict' && name !== 'district'))
    .map((name) => ({
      name,
      // The catalogue calls it so; the others are called as they are.
      label: `checkout.address.${name}`,
      value: fields.get(name) ?? '',
      wrong: wrong.includes(`address.${name}`),
      required: ['name', 'phone', 'line1', 'postalCode'].includes(name),
      type: name === 'email' ? 'email' : name === 'phone' ? 'tel' : 'text',
      autocomplete: autocomplete[name],
    }))

const autocomplete: Record<(typeof addressFields)[number], string> = {
  name: 'name',
  phone: 'tel',
  email: 'email',
  line1: 'address-line1',
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
