import { type Ticket, TicketEvents, Tickets } from '../../models/ticket.ts'
import { now, transaction } from '../database/index.ts'
import { AppError, type StaffCaller } from '../http/index.ts'
import { audit } from '../shop/index.ts'
import { hashOf, readCode } from './code.ts'
import type { DoorView } from './contract.ts'

/**
 * Lets the holder of a ticket in, once: of two at the same moment one wins. Throws with the ticket in `details` when
 * it was used before (when and by whom) or is void, and without one when the code is no ticket's.
 */
export async function checkIn(typed: string, staff: StaffCaller): Promise<DoorView> {
  const code = readCode(typed)
  if (!code) {
    throw new AppError(
      'ticket.mistyped',
      'This is not the code of a ticket. Look at it again: 16 characters.',
    )
  }
  const codeHash = hashOf(code)
  const at = now()
  const ticket = await transaction(async (session) => {
    const used = await Tickets.collection.findOneAndUpdate(
      { codeHash, state: 'VALID' },
      {
        $set: {
          state: 'CHECKED_IN',
          checkedInAt: at,
          checkedInBy: staff.staffId,
          checkedInByName: staff.name,
        },
      },
      { session, returnDocument: 'after' },
    )
    if (!used) return null
    const { orderRegNo, seat } = used
    const { staffId: by, name: byName } = staff
    await audit({ by, byName, action: 'ticket.check_in', subject: orderRegNo, details: { seat } }, session)
    return used as unknown as Ticket
  })
  if (ticket) return doorView(ticket)
  throw await refusal(codeHash)
}

async function refusal(codeHash: string): Promise<AppError> {
  const ticket = await Tickets.findOne({ codeHash }).lean()
  if (!ticket) {
    return new AppError('ticket.unknown', 'No ticket has this code. Ask to see the mail or the order.', {
      status: 404,
    })
  }
  const details = { ticket: await doorView(ticket) }
  return ticket.state === 'CHECKED_IN'
    ? new AppError('ticket.used', 'This ticket was used already.', { status: 409, details })
    : new AppError('ticket.void', 'This ticket is void: its order was cancelled or refunded.', {
        status: 409,
        details,
      })
}

async function doorView(ticket: Ticket): Promise<DoorView> {
  const event = await TicketEvents.findOne({ product: ticket.product }).lean()
  return {
    name: ticket.name,
    orderRegNo: ticket.orderRegNo,
    seat: ticket.seat,
    startsAt: event?.startsAt.toISOString() ?? null,
    place: event?.place ?? '',
    state: ticket.state,
    checkedInAt: ticket.checkedInAt?.toISOString() ?? null,
    checkedInBy: ticket.checkedInByName,
  }
}
