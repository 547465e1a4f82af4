import { AppError } from '../http/index.ts'
import type { Change } from './contract.ts'

const messages = {
  'order.context': 'The order is not what the page shows any more. Look at what changed, then confirm again.',
  'stock.short': 'Some goods are not there any more in this number. Take fewer, or leave them out.',
  'event.begun': 'An event has begun, so its tickets are not sold any more. Take them out, then go on.',
}

/** What the page showed is not what is: the page alerts, line by line, and loads the order anew. */
export class ContextChanged extends AppError {
  readonly changes: Change[]
  constructor(code: keyof typeof messages, changes: Change[]) {
    super(code, messages[code], { status: 409, reload: true })
    this.changes = changes
  }
}
