import { randomInt } from 'node:crypto'
import { type RegNumber, RegNumbers } from '../../models/reg-number.ts'
import type { Integration } from '../auth/index.ts'
import { isDuplicate, now } from '../database/index.ts'
import { AppError } from '../http/index.ts'
import { nextNumber } from '../shop/index.ts'

/** What numbers are for: the contract's ids and names, and what each number begins with. */
const regNumberTypes = [
  { id: 1, name: 'employee_code', prefix: 'EMP' },
  { id: 2, name: 'user_code', prefix: 'USR' },
  { id: 3, name: 'goods_code', prefix: 'GDS' },
  { id: 4, name: 'account_code', prefix: 'ACC' },
  { id: 5, name: 'price_code', prefix: 'PRC' },
  { id: 6, name: 'rp_code', prefix: 'RPC' },
  { id: 7, name: 'sale_invoice_code', prefix: 'SFK' },
  { id: 8, name: 'purchase_invoice_code', prefix: 'PFK' },
  { id: 9, name: 'sale_order_invoice_code', prefix: 'SSFK' },
  { id: 10, name: 'purchase_order_invoice_code', prefix: 'PSFK' },
  { id: 11, name: 'sale_return_invoice_code', prefix: 'SRFK' },
  { id: 12, name: 'purchase_return_invoice_code', prefix: 'PRFK' },
  { id: 13, name: 'order_invoice_line_code', prefix: 'SSL' },
  { id: 14, name: 'invoice_line_code', prefix: 'SLK' },
] as const

export const orderInvoiceType = 'sale_order_invoice_code'
const digits = 5

export interface Wish {
  typeId?: number | null | undefined
  typeName?: string | null | undefined
  /** 1 draws a number, anything else counts on. */
  randomMode?: number | null | undefined
}

/** Gives a number out, to be used once: `ANSSFK09381`. Who has asked, what it is for, and five digits or more. */
export async function giveRegNumber(integration: Integration, wish: Wish): Promise<string> {
  const type = typeOf(wish)
  const beginning = shortName(integration.name) + type.prefix
  for (let tries = 0; ; tries += 1) {
    // Fuller and fuller: drawn numbers get longer before they get hard to find.
    const drawn = randomInt(10 ** (digits + Math.floor(tries / 4)))
    const number = wish.randomMode === 1 ? drawn : await nextNumber(`reg-number:${beginning}`)
    const regNo = beginning + String(number).padStart(digits, '0')
    try {
      await RegNumbers.create({ regNo, type: type.name, integration: integration.id, createdAt: now() })
      return regNo
    } catch (error) {
      if (!isDuplicate(error) || tries > 40) throw error
    }
  }
}

/** A number that was given to this integration; refuses one that was not. */
export async function requireRegNumber(integration: Integration, regNo: string): Promise<RegNumber> {
  const number = await RegNumbers.findOne({ regNo, integration: integration.id }).lean()
  if (number) return number
  throw new AppError(
    'invoice.reg_no',
    `The number ${regNo} was not given out to you. Get one from /api/v1/gen-reg-no/.`,
    { status: 404 },
  )
}

function typeOf({ typeId, typeName }: Wish): (typeof regNumberTypes)[number] {
  // The name may be blank, and then the id decides; with both the id does.
  const type = regNumberTypes.find(({ id, name }) => (typeId ? id === typeId : name === typeName))
  if (type) return type
  throw new AppError(
    'invoice.reg_type',
    `RegNumTypeId must be a number from 1 to ${regNumberTypes.length}, or RegNumTypeName one of the names; 9 is ${orderInvoiceType}.`,
  )
}

/** Two letters for whoever asks, as the numbers begin with them. */
const shortName = (name: string): string =>
  name
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
    .slice(0, 2)
    .padEnd(2, 'X')
