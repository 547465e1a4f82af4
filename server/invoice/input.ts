import { z } from 'zod'

// Other people's programs send these: other keys are let through and not looked at, numbers may come as text.
const id = z.union([
  z.int().min(0).max(999_999_999),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
])
const text = z.string().max(500)
/** A double in the contract, its digits alone in here. */
const price = z.union([
  z.number().min(0).max(1e12).transform(String),
  z.string().regex(/^\d{1,12}(\.\d{1,6})?$/),
])

const named = {
  OInvRegNo: text.nullish(),
  RegNo: text.nullish(),
  RpAccGuid: text.nullish(),
  online_payment_type: text.nullish(),
}

export const Query = z.object({ online_payment_type: text.optional() })

export const NumberWish = z.object({
  RegNumTypeId: id.nullish(),
  RegNumTypeName: text.nullish(),
  random_mode: id.nullish(),
})

const invoice = {
  ...named,
  OInvTypeId: id.nullish(),
  InvStatId: id.nullish(),
  OInvDesc: z.string().max(2000).nullish(),
  CurrencyCode: z.string().max(3).nullish(),
  OrderInvLines: z
    .array(
      z.object({
        ResId: id,
        OInvLineAmount: z.union([
          z.number(),
          z
            .string()
            .regex(/^\d{1,6}(\.0+)?$/)
            .transform(Number),
        ]),
        OInvLinePrice: price.nullish(),
      }),
    )
    .max(200)
    .nullish(),
}

const Invoice = z.object(invoice)
export type InvoiceInput = z.output<typeof Invoice>
/** The invoice lies in `orderInv`, or stands there by itself; what else is in the body stays outside. */
export const Checkout = z.object({ ...invoice, orderInv: Invoice.nullish() })

export const Registration = z.object({
  ...named,
  TotalPrice: price,
  OrderDesc: z.string().max(2000).nullish(),
})

export const Validation = z.object({ ...named, OrderId: text.nullish() })
