import { z } from 'zod'
import { Refused, type SavedCard, Unanswered } from '../../gateway.ts'
import type { OmiseClient } from './client.ts'

const Customer = z.looseObject({
  object: z.literal('customer'),
  id: z.string(),
  cards: z.looseObject({
    data: z
      .array(
        z.looseObject({
          id: z.string(),
          brand: z.string().nullish(),
          last_digits: z.string().nullish(),
          fingerprint: z.string().nullish(),
          expiration_month: z.int().nullish(),
          expiration_year: z.int().nullish(),
        }),
      )
      .min(1),
  }),
})
const Names = z.strictObject({ customer: z.string(), card: z.string() })
type Names = z.output<typeof Names>

/** Turns a card's token into a customer of the platform's that holds the card: one for each card. */
export async function saveCard(
  client: OmiseClient,
  token: string,
  attemptId: string,
): Promise<{ names: Names; saved: SavedCard }> {
  const body = { card: token, metadata: { attempt: attemptId } }
  const made = Customer.safeParse(await client.post('/customers', body, `${attemptId}:customer`))
  const card = made.data?.cards.data[0]
  if (!made.success || !card) throw new Unanswered('Omise answered with something that is not a customer')
  const names = { customer: made.data.id, card: card.id }
  const two = (value: number | null | undefined) =>
    String(value ?? '')
      .slice(-2)
      .padStart(2, '0')
  return {
    names,
    saved: {
      card: JSON.stringify(names),
      brand: card.brand ?? '',
      lastDigits: card.last_digits ?? '',
      expiry: `${two(card.expiration_month)} / ${two(card.expiration_year)}`,
      fingerprint: card.fingerprint ?? card.id,
    },
  }
}

/** What a kept card is charged by. */
export function namesOf(card: string): Names {
  try {
    return Names.parse(JSON.parse(card))
  } catch {
    throw new Refused('invalid_card', 'The kept card cannot be read')
  }
}
