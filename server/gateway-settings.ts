// What `.env` says about the payment gateways.
import type { Values } from './setting-checks.ts'

/** Null: the gateway is switched off. Every `apiUrl` is without a slash at the end and without the API's own path. */
export interface GatewaySettings {
  omise: OmiseSettings | null
  ipaymu: IpaymuSettings | null
  komoju: KomojuSettings | null
  halkbank: HalkbankSettings | null
  foreignAffairsBank: ForeignAffairsBankSettings | null
  sbp: SbpSettings | null
  /** The phone number, tax id or e-wallet id that the money goes to. */
  promptpay: { id: string } | null
}

export interface OmiseSettings {
  publicKey: string
  secretKey: string
  /** Base64. */
  webhookSecret: string | null
  apiUrl: string
  vaultUrl: string
  /** Where the browser loads Omise.js from. */
  scriptUrl: string
}

export interface IpaymuSettings {
  va: string
  apiKey: string
  environment: 'sandbox' | 'production'
  apiUrl: string
}

export interface KomojuSettings {
  secretKey: string
  webhookSecret: string | null
  apiUrl: string
}

export interface HalkbankSettings {
  username: string
  password: string
  apiUrl: string
}

export interface ForeignAffairsBankSettings {
  clientId: string
  clientSecret: string
  apiUrl: string
  /** The newer generation asks here for a token; null for the older one, whose API takes id and secret itself. */
  tokenUrl: string | null
}

export interface SbpSettings {
  shopId: string
  secretKey: string
  apiUrl: string
}

/** The settings of every gateway whose keys are given. */
export function readGateways(all: Values): GatewaySettings {
  return {
    omise: readOmise(all),
    ipaymu: readIpaymu(all),
    komoju: all.KOMOJU_SECRET_KEY
      ? {
          secretKey: all.KOMOJU_SECRET_KEY,
          webhookSecret: all.KOMOJU_WEBHOOK_SECRET ?? null,
          apiUrl: all.KOMOJU_API_URL ?? 'https://komoju.com',
        }
      : null,
    halkbank:
      all.HALKBANK_USERNAME && all.HALKBANK_PASSWORD
        ? {
            username: all.HALKBANK_USERNAME,
            password: all.HALKBANK_PASSWORD,
            apiUrl: all.HALKBANK_API_URL ?? 'https://mpi.gov.tm',
          }
        : null,
    foreignAffairsBank:
      all.FOREIGN_AFFAIRS_BANK_CLIENT_ID && all.FOREIGN_AFFAIRS_BANK_CLIENT_SECRET
        ? {
            clientId: all.FOREIGN_AFFAIRS_BANK_CLIENT_ID,
            clientSecret: all.FOREIGN_AFFAIRS_BANK_CLIENT_SECRET,
            apiUrl: all.FOREIGN_AFFAIRS_BANK_API_URL ?? 'https://ecomt.tfeb.gov.tm',
            tokenUrl: all.FOREIGN_AFFAIRS_BANK_TOKEN_URL ?? null,
          }
        : null,
    sbp:
      all.SBP_SHOP_ID && all.SBP_SECRET_KEY
        ? {
            shopId: all.SBP_SHOP_ID,
            secretKey: all.SBP_SECRET_KEY,
            apiUrl: all.SBP_API_URL ?? 'https://api.yookassa.ru',
          }
        : null,
    promptpay: all.PROMPTPAY_ID ? { id: all.PROMPTPAY_ID } : null,
  }
}

function readOmise(all: Values): OmiseSettings | null {
  if (!all.OMISE_PUBLIC_KEY || !all.OMISE_SECRET_KEY) return null
  const apiUrl = all.OMISE_API_URL ?? 'https://api.omise.co'
  const vaultUrl = all.OMISE_VAULT_URL ?? 'https://vault.omise.co'
  return {
    publicKey: all.OMISE_PUBLIC_KEY,
    secretKey: all.OMISE_SECRET_KEY,
    webhookSecret: all.OMISE_WEBHOOK_SECRET ?? null,
    apiUrl,
    vaultUrl,
    // Omise serves its script from a host of its own; a simulator has only the one that we know.
    scriptUrl:
      vaultUrl === 'https://vault.omise.co' ? 'https://cdn.omise.co/omise.js' : `${vaultUrl}/omise.js`,
  }
}

function readIpaymu(all: Values): IpaymuSettings | null {
  if (!all.IPAYMU_VA || !all.IPAYMU_API_KEY) return null
  const environment = all.IPAYMU_ENVIRONMENT ?? 'sandbox'
  const hosts = { sandbox: 'https://sandbox.ipaymu.com', production: 'https://my.ipaymu.com' }
  return {
    va: all.IPAYMU_VA,
    apiKey: all.IPAYMU_API_KEY,
    environment,
    apiUrl: all.IPAYMU_API_URL ?? hosts[environment],
  }
}
