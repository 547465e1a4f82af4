import type { Language, OrderState } from '../../models/states.ts'

export interface InvoiceType {
  id: number
  name: Record<Language, string>
  description?: Record<Language, string>
}

/** 13 is the one that the banks' contract names; the others are this shop's own, for every state after it. */
export const invoiceTypes = {
  awaiting: {
    id: 13,
    name: {
      tk: 'Tölege garaşylýar',
      ru: 'В ожидании оплаты',
      en: 'Awaiting payment',
      th: 'รอชำระเงิน',
      id: 'Menunggu pembayaran',
      ja: 'お支払い待ち',
    },
    description: {
      tk: 'Sargyt edilende töleg geçirmek prosesini amala aşyrmaklyga başlady',
      ru: 'Начал процесс оплаты при заказе',
      en: 'The payment of the order has begun',
      th: 'เริ่มขั้นตอนชำระเงินของออเดอร์แล้ว',
      id: 'Pembayaran pesanan sudah dimulai',
      ja: 'ご注文のお支払い手続きが始まりました',
    },
  },
  paid: {
    id: 14,
    name: {
      tk: 'Tölendi',
      ru: 'Оплачен',
      en: 'Paid',
      th: 'ชำระแล้ว',
      id: 'Sudah dibayar',
      ja: 'お支払い済み',
    },
  },
  done: {
    id: 15,
    name: { tk: 'Gowşuryldy', ru: 'Выполнен', en: 'Done', th: 'เสร็จสิ้น', id: 'Selesai', ja: '完了' },
  },
  canceling: {
    id: 16,
    name: {
      tk: 'Ýatyrylýar',
      ru: 'Отменяется',
      en: 'Being cancelled',
      th: 'กำลังยกเลิก',
      id: 'Sedang dibatalkan',
      ja: 'キャンセル処理中',
    },
  },
  canceled: {
    id: 17,
    name: {
      tk: 'Ýatyryldy',
      ru: 'Отменён',
      en: 'Cancelled',
      th: 'ยกเลิกแล้ว',
      id: 'Dibatalkan',
      ja: 'キャンセル済み',
    },
  },
} as const satisfies Record<string, InvoiceType>

/** The type of an order's invoice; a cart that nobody has checked out has none. */
const typeOfState: Record<OrderState, keyof typeof invoiceTypes | null> = {
  DRAFT: null,
  AWAITING_PAYMENT: 'awaiting',
  MANUAL_REVIEW: 'awaiting',
  PAID: 'paid',
  CONFIRMING: 'paid',
  CONFIRMED: 'paid',
  FULFILLING: 'paid',
  DELIVERED: 'done',
  COMPENSATING: 'canceling',
  CANCELED: 'canceled',
  EXPIRED: 'canceled',
}

export function invoiceTypeOf(state: OrderState): InvoiceType | null {
  const name = typeOfState[state]
  return name && invoiceTypes[name]
}

const locales: Record<Language, string> = {
  tk: 'tkTM',
  ru: 'ruRU',
  en: 'enUS',
  th: 'thTH',
  id: 'idID',
  ja: 'jaJP',
}

/** A type as the contract writes it: its id, and its words once for each language. */
export const writeType = ({ id, name, description }: InvoiceType): Record<string, string | number> => ({
  OInvTypeId: id,
  ...inEveryLanguage('OInvTypeName', name),
  ...(description && inEveryLanguage('OInvTypeDesc', description)),
})

const inEveryLanguage = (field: string, words: Record<Language, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(words).map(([language, text]) => [`${field}_${locales[language as Language]}`, text]),
  )
