import { AppError } from '../http/index.ts'
import type { Change } from './contract.ts'

/** What the page showed is not what is: the page alerts, line by line, and loads the order anew. */
export class ContextChanged extends AppError {
  readonly changes: Change[]
  constructor(code: 'order.context' | 'stock.short', changes: Change[]) {
    super(
      code,
      code === 'stock.short'
        ? 'Some goods are not there any more in this number. Take fewer, or leave them out.'
        : 'The order is not what the page shows any more. Look at what changed, then confirm again.',
      { status: 409, reload: true },
    )
    this.changes = changes
  }
}
