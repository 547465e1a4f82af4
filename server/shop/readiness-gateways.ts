import type { Settings } from '../settings.ts'
import { attention, judgeWebhook, off, type Row, ready } from './readiness-rows.ts'

type Keys = [name: string, value: string | null | undefined][]

interface GatewayRow {
  title: string
  /** The settings it needs, and their values while it is on. */
  keys: Keys
  /** Where its webhook address is entered; absent where the platform calls nobody, or is told with each payment. */
  webhook?: string
}

/** Each gateway's row, by the gateway's name. */
function gatewayRows({ gateways, publicUrl }: Settings): Record<string, GatewayRow & { on: boolean }> {
  const { omise, ipaymu, komoju, halkbank, foreignAffairsBank, sbp, promptpay } = gateways
  const address = (name: string) => `Enter ${publicUrl}/webhooks/payments/${name}`
  return {
    omise: {
      title: 'Omise',
      on: omise !== null,
      keys: [
        ['OMISE_PUBLIC_KEY', omise?.publicKey],
        ['OMISE_SECRET_KEY', omise?.secretKey],
        ['OMISE_WEBHOOK_SECRET', omise?.webhookSecret],
      ],
      webhook: `${address('omise')} in the Omise dashboard, and make a test payment.`,
    },
    ipaymu: {
      title: 'iPaymu',
      on: ipaymu !== null,
      keys: [
        ['IPAYMU_VA', ipaymu?.va],
        ['IPAYMU_API_KEY', ipaymu?.apiKey],
      ],
      webhook: 'iPaymu is told the address with each payment: make a test payment.',
    },
    komoju: {
      title: 'Komoju',
      on: komoju !== null,
      keys: [
        ['KOMOJU_SECRET_KEY', komoju?.secretKey],
        ['KOMOJU_WEBHOOK_SECRET', komoju?.webhookSecret],
      ],
      webhook: `${address('komoju')} in the Komoju dashboard under Webhooks, and make a test payment.`,
    },
    halkbank: {
      title: 'Halkbank',
      on: halkbank !== null,
      keys: [
        ['HALKBANK_USERNAME', halkbank?.username],
        ['HALKBANK_PASSWORD', halkbank?.password],
      ],
    },
    foreignAffairsBank: {
      title: 'Foreign Affairs Bank',
      on: foreignAffairsBank !== null,
      keys: [
        ['FOREIGN_AFFAIRS_BANK_CLIENT_ID', foreignAffairsBank?.clientId],
        ['FOREIGN_AFFAIRS_BANK_CLIENT_SECRET', foreignAffairsBank?.clientSecret],
      ],
    },
    sbp: {
      title: 'SBP',
      on: sbp !== null,
      keys: [
        ['SBP_SHOP_ID', sbp?.shopId],
        ['SBP_SECRET_KEY', sbp?.secretKey],
      ],
      webhook: `${address('sbp')} in the dashboard under HTTP notifications, and make a test payment.`,
    },
    promptpay: {
      title: 'PromptPay with a slip',
      on: promptpay !== null,
      keys: [['PROMPTPAY_ID', promptpay?.id]],
    },
  }
}

/**
 * The rows of all gateways and of their webhooks. `heard` tells when a webhook of that name last arrived, `left` what
 * is still open at those that are switched off.
 */
export function judgeGateways(
  of: Settings,
  heard: (name: string) => Date | null,
  left: ReadonlyMap<string, string>,
): Record<string, Row> {
  const rows: Record<string, Row> = {}
  for (const [name, { title, on, keys, webhook }] of Object.entries(gatewayRows(of))) {
    rows[name] = on
      ? ready(
          title,
          of.sandbox ? 'The simulated gateway takes payments.' : 'Payments are taken.',
          given(keys),
        )
      : switchedOff(title, keys, left.get(name))
    if (webhook && on) {
      rows[`${name}.webhook`] = judgeWebhook(`Webhook of ${title}`, on, heard(name), webhook)
    }
  }
  return rows
}

/** Off is as the shop wants it, unless somebody may have paid there. */
function switchedOff(title: string, keys: Keys, left: string | undefined): Row {
  const back = `Set ${keys.map(([key]) => key).join(' and ')} in .env, and start again`
  return left
    ? attention(
        title,
        `${title} is off, and nobody learns what becomes of ${left} of it.`,
        `${back}; or settle them by hand, as its task says.`,
      )
    : off(title, `${title} is off: its ways to pay are not offered.`, `${back}.`)
}

const given = (keys: Keys): [string, string][] =>
  keys.filter((key): key is [string, string] => typeof key[1] === 'string')
