import { calendarDay, dayAndTime, dayName } from '../../kit/dates.ts'
import { useWords } from '../../kit/i18n.ts'
import { formatMoney } from '../../kit/money.ts'
import { useOrder } from './order.ts'

/** Money and moments of the order, as this shop and this language write them. */
export function useShow() {
  const words = useWords()
  const { view, shop } = useOrder()
  return {
    money: (amount: number) => formatMoney(amount, view.value.currency, words.language.value),
    /** "today", "Wed 25 Nov", from YYYY-MM-DD. */
    day: (day: string) => dayName(day, view.value.now, shop.zone, words),
    /** "today", "Wed 25 Nov", from a moment. */
    dayOf: (moment: string) => dayName(calendarDay(moment, shop.zone), view.value.now, shop.zone, words),
    /** "today 14:30", from a moment. */
    moment: (moment: string) => dayAndTime(moment, view.value.now, shop.zone, words),
  }
}
