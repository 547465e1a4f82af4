/** What the customer types from their card. It goes to the gateway's own script and nowhere else. */
export interface CardInput {
  number: string
  expiry: string
  code: string
  name: string
}

export const emptyCard = (): CardInput => ({ number: '', expiry: '', code: '', name: '' })

const digitsOf = (text: string) => text.replace(/\D/g, '')

/** "4242424242424242" as it stands on the card: in groups of four, an American Express in 4-6-5. */
export function spaceNumber(typed: string): string {
  const digits = digitsOf(typed).slice(0, 19)
  const groups = /^3[47]/.test(digits)
    ? [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10, 15)]
    : (digits.match(/.{1,4}/g) ?? [])
  return groups.filter(Boolean).join(' ')
}

/** "1227" becomes "12 / 27", and a month that can have no second digit gets its zero. */
export function spaceExpiry(typed: string): string {
  const digits = digitsOf(typed.replace(/^([2-9])/, '0$1')).slice(0, 4)
  return digits.length > 2 ? `${digits.slice(0, 2)} / ${digits.slice(2)}` : digits
}

/** The check digit that every card number ends in. */
export function passesLuhn(number: string): boolean {
  const digits = digitsOf(number)
  let sum = 0
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return digits.length >= 12 && sum % 10 === 0
}

/** Month and full year of "12 / 27"; null for what is no date. */
export function readExpiry(expiry: string): { month: number; year: number } | null {
  const match = /^(\d\d)\s*\/\s*(\d\d)$/.exec(expiry)
  const month = Number(match?.[1])
  return match && month >= 1 && month <= 12 ? { month, year: 2000 + Number(match[2]) } : null
}

/** The key of what is wrong with each field; nothing for a field that is right. `now` is the server's time. */
export function cardProblems(card: CardInput, now: number): Partial<Record<keyof CardInput, string>> {
  const expiry = readExpiry(card.expiry)
  return {
    ...(!passesLuhn(card.number) && { number: 'checkout.card.wrongNumber' }),
    ...(!expiry && { expiry: 'checkout.card.wrongExpiry' }),
    ...(expiry && Date.UTC(expiry.year, expiry.month, 1) <= now && { expiry: 'checkout.card.expired' }),
    ...(!/^\d{3,4}$/.test(card.code) && { code: 'checkout.card.wrongCode' }),
    ...(!card.name.trim() && { name: 'checkout.card.wrongName' }),
  }
}
