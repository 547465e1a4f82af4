import { useWords } from '../../kit/i18n.ts'
import { formatMoney } from '../../kit/money.ts'
import { useCatalogue } from './catalogue.ts'

/** Money of the catalogue, as this language writes it. */
export function useMoney() {
  const { language } = useWords()
  const { currency } = useCatalogue()
  return (amount: number) => formatMoney(amount, currency, language.value)
}
