import type { CardForm } from '../../../server/payment/contract.ts'
import { Refusal } from './api.ts'
import { type CardInput, readExpiry } from './card.ts'

interface OmiseScript {
  setPublicKey(key: string): void
  createToken(
    as: 'card',
    card: object,
    done: (status: number, answer: { object: string; id?: string; code?: string; message?: string }) => void,
  ): void
}

declare global {
  interface Window {
    Omise?: OmiseScript
  }
}

const PATIENCE = 15_000
let loading: Promise<OmiseScript> | null = null

/** Loads the platform's script once. A failure is forgotten, so that the customer can try again. */
export function loadOmise(form: CardForm): Promise<OmiseScript> {
  loading ??= load(form).catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

function load({ script: address, publicKey }: CardForm): Promise<OmiseScript> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    const fail = () => {
      script.remove()
      reject(new Refusal('card.script', 0, 'The payment provider could not be reached', null))
    }
    const timer = setTimeout(fail, PATIENCE)
    script.src = address
    script.onerror = fail
    script.onload = () => {
      clearTimeout(timer)
      if (!window.Omise) return fail()
      window.Omise.setPublicKey(publicKey)
      resolve(window.Omise)
    }
    document.head.append(script)
  })
}

/** The card goes from this browser to the platform; what comes back, and is all we ever send on, is a token. */
export async function makeCardToken(form: CardForm, card: CardInput): Promise<string> {
  const omise = await loadOmise(form)
  const expiry = readExpiry(card.expiry)
  return new Promise((resolve, reject) => {
    const fields = {
      name: card.name.trim(),
      number: card.number.replace(/\s/g, ''),
      expiration_month: expiry?.month,
      expiration_year: expiry?.year,
      security_code: card.code,
    }
    omise.createToken('card', fields, (status, answer) => {
      if (status === 200 && answer.object === 'token' && answer.id) resolve(answer.id)
      else reject(new Refusal(`card.${answer.code ?? 'failed'}`, status, answer.message ?? '', null))
    })
  })
}
