import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { CallError } from '../api/http.ts'
import * as api from '../api/orders.ts'
import { type Difference, differences } from '../order/differences.ts'
import { useLive } from './live.ts'
import { attempt, explain, useNotices } from './notices.ts'
import { useSession } from './session.ts'

type Items = api.ItemInput[]
export type LinesChange = (items: Items) => Items

interface Conflict {
  by: string
  differences: Difference[]
  /** Does the same again to the order as it is now. */
  again: (() => Promise<unknown>) | null
}

/** The order that is open on the screen, and what staff do to it. */
export const useOrder = defineStore('order', () => {
  const id = ref<string | null>(null)
  const order = ref<api.StaffOrderView | null>(null)
  const loading = ref(false)
  const missing = ref(false)
  const saving = ref(0)
  const conflict = ref<Conflict | null>(null)
  const lastSeen = ref<{ what: string; at: string } | null>(null)
  const busy = computed(() => saving.value > 0)
  const may = (act: api.StaffAct): boolean => order.value?.may.includes(act) ?? false
  /** One change after another: each needs the version that the one before it made. */
  let line: Promise<unknown> = Promise.resolve()
  let pause: ReturnType<typeof setTimeout>

  async function open(wanted: string | null): Promise<void> {
    if (id.value === wanted) return
    id.value = wanted
    order.value = null
    conflict.value = null
    lastSeen.value = null
    missing.value = false
    if (wanted) await load()
  }

  async function load(): Promise<void> {
    const wanted = id.value
    if (!wanted) return
    loading.value = order.value === null
    const found = await attempt(() => api.findOrder(wanted))
    if (id.value !== wanted) return
    loading.value = false
    missing.value = !found && !order.value
    if (found) adopt(found)
  }

  /** Takes the newer of what is shown and what has come. */
  function adopt(found: api.StaffOrderView): void {
    if (found.id !== id.value) return
    if (order.value && found.version < order.value.version) return
    order.value = found
  }

  /** Does something to the order as it is at this moment; shows what somebody else did in between. */
  function change(act: (current: api.StaffOrderView) => Promise<api.StaffOrderView>): Promise<boolean> {
    const wanted = id.value
    const work = async (): Promise<boolean> => {
      const before = order.value
      if (!before || id.value !== wanted) return false
      saving.value += 1
      try {
        adopt(await act(before))
        return true
      } catch (error) {
        if (!meet(error, before, act)) useNotices().say(explain(error), 'bad')
        return false
      } finally {
        saving.value -= 1
      }
    }
    const turn = line.then(work, work)
    line = turn
    return turn
  }

  /** Two people on one order: the newer state is shown, and what of it is new. Nothing was overwritten. */
  function meet(
    error: unknown,
    before: api.StaffOrderView,
    act: (current: api.StaffOrderView) => Promise<api.StaffOrderView>,
  ): boolean {
    if (!(error instanceof CallError) || error.status !== 409) return false
    const theirs = orderIn(error.details)
    if (!theirs || theirs.id !== id.value || theirs.version === before.version) return false
    order.value = theirs
    conflict.value = {
      by: whoElse(theirs),
      differences: differences(before, theirs),
      again: () => change(act),
    }
    return true
  }

  /** The order does not say who wrote its lines last: whoever else is at it now is the best answer. */
  function whoElse({ conversationId }: api.StaffOrderView): string {
    const others = (live.presence[conversationId ?? ''] ?? []).filter(({ id }) => id !== useSession().me?.id)
    return others.map(({ name }) => name).join(', ')
  }

  async function again(): Promise<void> {
    const repeat = conflict.value?.again
    conflict.value = null
    await repeat?.()
  }

  /** Changes the lines, starting from those that stand there now. */
  const changeLines = (edit: LinesChange) =>
    change((current) => api.setItems(current.id, current.version, edit(itemsOf(current))))

  const live = useLive()
  live.on('order', (changed) => {
    if (changed.id === id.value) soon()
  })
  live.on('customer.page', (page) => {
    if (page.orderId !== id.value) return
    lastSeen.value = { what: page.what, at: page.at }
    soon()
  })
  live.onConnected(() => void load())

  /** Behind the changes that are under way: what they answer is newer. */
  function soon(): void {
    clearTimeout(pause)
    pause = setTimeout(() => void line.then(load), 150)
  }

  return {
    id,
    order,
    loading,
    missing,
    busy,
    conflict,
    lastSeen,
    may,
    open,
    load,
    adopt,
    change,
    changeLines,
    again,
  }
})

function orderIn(details: unknown): api.StaffOrderView | null {
  const holder = details as { order?: api.StaffOrderView } & Partial<api.StaffOrderView>
  const found = holder?.order ?? holder
  return found && Array.isArray(found.lines) && found.may ? (found as api.StaffOrderView) : null
}

/** The lines as they are, in the form in which they are sent. */
export function itemsOf(order: api.StaffOrderView): Items {
  return order.lines.map((line) => {
    const behind = order.staffLines.find(({ number }) => number === line.number)
    const discount = behind?.discount ? { discount: behind.discount } : {}
    if (line.productId === null) {
      return {
        number: line.number,
        name: line.name,
        unitPrice: line.unitPrice,
        quantity: line.quantity,
        reason: behind?.reason ?? '',
        ...discount,
      }
    }
    return {
      number: line.number,
      productId: line.productId,
      ...(behind?.sku && { sku: behind.sku }),
      quantity: line.quantity,
      ...discount,
    }
  })
}
