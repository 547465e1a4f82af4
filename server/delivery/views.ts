import type { Courier, DeliverySlot, PickupPoint } from '../../models/delivery.ts'
import type { CourierView, PointView, SlotView } from './contract.ts'

export const courierView = ({ _id, ...courier }: Courier): CourierView => ({ id: String(_id), ...courier })
export const pointView = ({ _id, ...point }: PickupPoint): PointView => ({ id: String(_id), ...point })

export const slotView = ({ _id, date, begin, end, capacity, taken }: DeliverySlot): SlotView => ({
  id: String(_id),
  date,
  begin: begin.toISOString(),
  end: end.toISOString(),
  capacity,
  taken,
})
