import type { TicketState } from '../../models/ticket.ts'

/** An event as staff set it up, with how full it is. */
export interface TicketEventView {
  /** ISO 8601. */
  startsAt: string
  place: string
  capacity: number
  /** Seats that may still be sold. */
  free: number
  /** Seats that wait for their money: in a cart being paid, or behind a convenience store's code. */
  held: number
  sold: number
  checkedIn: number
}

/** A ticket as whoever bought it sees it. */
export interface TicketView {
  id: string
  name: string
  seat: number
  /** ISO 8601; null when the event was taken away. */
  startsAt: string | null
  place: string
  state: TicketState
  /** In groups of four; null where it is not for the viewer. */
  code: string | null
}

/** A ticket as the staff at the door see it. */
export interface DoorView {
  name: string
  orderRegNo: string
  seat: number
  startsAt: string | null
  place: string
  state: TicketState
  checkedInAt: string | null
  checkedInBy: string
}
