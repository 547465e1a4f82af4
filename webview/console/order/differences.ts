import type { StaffOrderView } from '../../../server/order/contract.ts'

/** One thing that is no longer as it was on the screen. Amounts are minor units. */
export interface Difference {
  what: 'state' | 'added' | 'removed' | 'quantity' | 'price' | 'discount' | 'delivery' | 'total'
  name?: string
  from?: string | number
  to?: string | number
}

/** What somebody else has changed between two states of an order, line by line. */
export function differences(before: StaffOrderView, after: StaffOrderView): Difference[] {
  return [
    ...(before.state === after.state
      ? []
      : [{ what: 'state' as const, from: before.state, to: after.state }]),
    ...lineDifferences(before, after),
    ...amount('discount', before.totals.discount, after.totals.discount),
    ...amount('delivery', before.totals.delivery, after.totals.delivery),
    ...amount('total', before.totals.total, after.totals.total),
  ]
}

function lineDifferences(before: StaffOrderView, after: StaffOrderView): Difference[] {
  const found: Difference[] = []
  for (const line of after.lines) {
    const old = before.lines.find(({ number }) => number === line.number)
    if (!old) found.push({ what: 'added', name: line.name, to: line.quantity })
    else if (old.quantity !== line.quantity) {
      found.push({ what: 'quantity', name: line.name, from: old.quantity, to: line.quantity })
    } else if (old.unitPrice !== line.unitPrice) {
      found.push({ what: 'price', name: line.name, from: old.unitPrice, to: line.unitPrice })
    }
  }
  for (const line of before.lines) {
    if (!after.lines.some(({ number }) => number === line.number))
      found.push({ what: 'removed', name: line.name, from: line.quantity })
  }
  return found
}

const amount = (what: 'discount' | 'delivery' | 'total', from: number, to: number): Difference[] =>
  from === to ? [] : [{ what, from, to }]
