import { computed, ref, watch } from 'vue'
import { type Days, listMoney, moneyFile } from '../api/money.ts'
import { zone } from '../format.ts'
import { usePages } from '../parts/pages.ts'

/** The calendar day that so many days ago was, YYYY-MM-DD, as the shop's clock counts them. */
export const daysAgo = (days: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone.value }).format(Date.now() - days * 86_400_000)

/** Money that came and went in the days that were chosen. */
export function useMoney() {
  const days = ref<Days>({ from: daysAgo(6), to: daysAgo(0) })
  const isSpan = computed(() => days.value.from !== '' && days.value.from <= days.value.to)
  const pages = usePages(async (cursor) => {
    if (!isSpan.value) return { rows: [], cursor: null }
    const page = await listMoney(days.value, cursor)
    return { rows: page.movements, cursor: page.cursor }
  })
  watch(days, pages.load, { deep: true })
  const file = computed(() => (isSpan.value ? moneyFile(days.value) : ''))
  return { days, file, ...pages }
}
