import { decimal } from '../../../../models/money.ts'
import type { ForeignAffairsBankSettings } from '../../../gateway-settings.ts'
import type { Attempt, OpenDetails } from '../../gateway.ts'
import { MANAT } from './order.ts'

const locales: Record<string, string> = { ru: 'ru-RU', tk: 'tk-TM' }
/** Minutes before Greenwich, as the bank counts them: Ashgabat. */
const TIME_ZONE = 300

/** `347.<merchant>.<terminal>`: the id that the bank gave says who is paid, and where. */
export function merchantOf({ clientId }: Pick<ForeignAffairsBankSettings, 'clientId'>) {
  const [, merchant = clientId, terminal = ''] = clientId.split('.')
  return { merchant, terminal }
}

/**
 * An order in the bank's words, in one stage. Amounts are decimal manat. Without the customer's browser the bank would
 * not send them back; its window is the one that we open.
 */
export function newOrder(
  settings: ForeignAffairsBankSettings,
  { attempt, details, number, ordersUrl }: NewOrder,
): object {
  const { merchant, terminal } = merchantOf(settings)
  const { customer, returnUrl, orderRegNo, description } = details
  const language = locales[customer.language] ?? 'en-US'
  const phone = phoneOf(customer.phone)
  return {
    RequestId: number,
    Environment: {
      Merchant: { Id: merchant },
      POI: { Id: terminal, Language: language },
      Card: null,
      Customer: {
        Name: customer.name.slice(0, 50),
        Language: language,
        Email: customer.email,
        HomePhone: phone,
        MobilePhone: phone,
      },
      CustomerDevice: {
        Browser: {
          AcceptHeader: 'text/html',
          IpAddress: customer.ip,
          JavaEnabled: false,
          Language: language,
          ScreenColorDepth: 24,
          ScreenHeight: 400,
          ScreenWidth: 600,
          TimeZone: TIME_ZONE,
          UserAgentString: 'Mozilla/5.0',
        },
        MobileApp: null,
      },
      Transport: {
        MerchantFinalResponseUrl: returnUrl,
        ChallengeResponseUrl: returnUrl,
        ChallengeWindowSize: 3,
        ThreeDSMethodNotificationUrl: '',
        MethodCompletion: false,
        Consent: false,
        EndpointHostAddress: ordersUrl,
      },
    },
    Transaction: {
      InvoiceNumber: orderRegNo,
      Type: 'CRDP',
      TransactionText: description.slice(0, 100),
      ...amountOf(attempt.money),
      MerchantOrderId: number,
      AutoComplete: true,
      AntiMoneyLaundering: { SenderName: customer.name.slice(0, 50) },
    },
  }
}

/** What goes back, as an operation of its own with a name of its own. */
export function newRefund(
  settings: ForeignAffairsBankSettings,
  { requestId, number, money }: { requestId: string; number: string; money: Attempt['money'] },
): object {
  const { merchant, terminal } = merchantOf(settings)
  return {
    RequestId: requestId,
    Environment: { Merchant: { Id: merchant }, POI: { Id: terminal, Language: 'en-US' } },
    Transaction: { Type: 'RFND', ...amountOf(money), MerchantOrderId: number },
  }
}

interface NewOrder {
  attempt: Attempt
  details: OpenDetails
  /** Ours, used once for ever. */
  number: string
  ordersUrl: string
}

const amountOf = ({ amount, currency }: Attempt['money']) => ({
  TotalAmount: Number(decimal(amount, currency)),
  Currency: currency === 'TMT' ? MANAT : currency,
})

/** Country code and the rest; a number without a country is one of Turkmenistan. */
function phoneOf(phone: string): { cc: string; subscriber: string } {
  const digits = phone.replace(/\D/g, '')
  if (phone.trim().startsWith('+') && !digits.startsWith('993')) {
    return { cc: digits.slice(0, 2), subscriber: digits.slice(2) }
  }
  return { cc: '993', subscriber: digits.replace(/^993/, '').replace(/^8/, '') }
}
