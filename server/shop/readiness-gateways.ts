import type { Settings } from '../settings.ts'
import type { Words } from './contract.ts'
import { attention, judgeWebhook, off, type Row, ready, setKeys } from './readiness-rows.ts'

type Keys = [name: string, value: string | null | undefined][]

interface GatewayRow {
  /** The settings it needs, and their values while it is on. */
  keys: Keys
  /** Where its webhook address is entered; absent where the platform calls nobody, or is told with each payment. */
  webhook?: Words
}

/** Each gateway's row, by the gateway's name. */
function gatewayRows({ gateways, publicUrl }: Settings): Record<string, GatewayRow & { on: boolean }> {
  const { omise, ipaymu, komoju, halkbank, foreignAffairsBank, sbp, promptpay } = gateways
  const entered = (name: string, place: string): Words => ({
    key: 'ready.gateway.dashboard',
    values: { url: `${publicUrl}/webhooks/payments/${name}`, name: [nameOf(name)], place },
  })
  return {
    omise: {
      on: omise !== null,
      keys: [
        ['OMISE_PUBLIC_KEY', omise?.publicKey],
        ['OMISE_SECRET_KEY', omise?.secretKey],
        ['OMISE_WEBHOOK_SECRET', omise?.webhookSecret],
      ],
      webhook: entered('omise', 'Webhooks'),
    },
    ipaymu: {
      on: ipaymu !== null,
      keys: [
        ['IPAYMU_VA', ipaymu?.va],
        ['IPAYMU_API_KEY', ipaymu?.apiKey],
      ],
      webhook: { key: 'ready.gateway.told', values: { name: [nameOf('ipaymu')] } },
    },
    komoju: {
      on: komoju !== null,
      keys: [
        ['KOMOJU_SECRET_KEY', komoju?.secretKey],
        ['KOMOJU_WEBHOOK_SECRET', komoju?.webhookSecret],
      ],
      webhook: entered('komoju', 'Webhooks'),
    },
    halkbank: {
      on: halkbank !== null,
      keys: [
        ['HALKBANK_USERNAME', halkbank?.username],
        ['HALKBANK_PASSWORD', halkbank?.password],
      ],
    },
    foreignAffairsBank: {
      on: foreignAffairsBank !== null,
      keys: [
        ['FOREIGN_AFFAIRS_BANK_CLIENT_ID', foreignAffairsBank?.clientId],
        ['FOREIGN_AFFAIRS_BANK_CLIENT_SECRET', foreignAffairsBank?.clientSecret],
      ],
    },
    sbp: {
      on: sbp !== null,
      keys: [
        ['SBP_SHOP_ID', sbp?.shopId],
        ['SBP_SECRET_KEY', sbp?.secretKey],
      ],
      webhook: entered('sbp', 'HTTP notifications'),
    },
    promptpay: {
      on: promptpay !== null,
      keys: [['PROMPTPAY_ID', promptpay?.id]],
    },
  }
}

/**
 * The rows of all gateways and of their webhooks. `heard` tells when a webhook of that name last arrived, `left` those
 * that are switched off while something is still open there.
 */
export function judgeGateways(
  of: Settings,
  heard: (name: string) => Date | null,
  left: ReadonlySet<string>,
): Record<string, Row> {
  const rows: Record<string, Row> = {}
  for (const [name, { on, keys, webhook }] of Object.entries(gatewayRows(of))) {
    const title = nameOf(name)
    rows[name] = on
      ? ready(title, { key: of.sandbox ? 'ready.gateway.sandbox' : 'ready.gateway.on' }, given(keys))
      : switchedOff(
          title,
          keys.map(([key]) => key),
          left.has(name),
        )
    if (webhook && on) rows[`${name}.webhook`] = judgeWebhook(title, on, heard(name), webhook)
  }
  return rows
}

/** Off is as the shop wants it, unless somebody may have paid there. */
const switchedOff = (title: Words, keys: string[], left: boolean): Row =>
  left
    ? attention(title, { key: 'ready.gateway.left' }, { key: 'ready.gateway.leftNext', values: { keys } })
    : off(title, { key: 'ready.gateway.off' }, setKeys(...keys))

const nameOf = (gateway: string): Words => ({ key: `gateway.${gateway}` })
const given = (keys: Keys): [string, string][] =>
  keys.filter((key): key is [string, string] => typeof key[1] === 'string')
