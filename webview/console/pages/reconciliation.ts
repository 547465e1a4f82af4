import { computed, onBeforeUnmount, ref } from 'vue'
import { type ComparedGateway, compareDay, listDays, type ReconciledDay, showDay } from '../api/money.ts'
import { usePages } from '../parts/pages.ts'
import { attempt } from '../stores/notices.ts'
import { daysAgo } from './money.ts'

const lookAgainMs = 2000

/** Days beside what the gateways list, and the one that is looked at. */
export function useReconciliation() {
  const gateways = ref<ComparedGateway[]>([])
  const wanted = ref({ gateway: '', day: daysAgo(1) })
  /** Of some gateways only what we know of can be asked for. */
  const asksOneByOne = computed(
    () => gateways.value.find(({ name }) => name === wanted.value.gateway)?.comparing === 'one_by_one',
  )
  const shown = ref<ReconciledDay | null>(null)
  const pages = usePages(async (cursor) => {
    const page = await listDays(cursor)
    gateways.value = page.gateways
    wanted.value.gateway ||= page.gateways.find(({ comparing }) => comparing !== 'never')?.name ?? ''
    return { rows: page.days, cursor: page.cursor }
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  onBeforeUnmount(() => clearTimeout(timer))

  /** Shows a day; one that is being compared is looked at again until it is done. */
  async function show(id: string): Promise<void> {
    clearTimeout(timer)
    const day = await attempt(() => showDay(id))
    if (!day) return
    shown.value = day
    if (day.state === 'RUNNING') timer = setTimeout(() => void show(id), lookAgainMs)
    else await pages.load()
  }

  async function compare(): Promise<void> {
    const { gateway, day } = wanted.value
    const begun = await attempt(() => compareDay(gateway, day))
    if (begun) await show(begun.id)
  }

  return { gateways, asksOneByOne, wanted, shown, show, compare, ...pages }
}
