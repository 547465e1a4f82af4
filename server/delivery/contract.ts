export interface CourierView {
  id: string
  name: string
  active: boolean
  rules: { postcodes: string[]; from: number; price: number }[]
  days: number
  slots: boolean
  trackingUrl: string
  position: number
}

export interface PointView {
  id: string
  number: number
  name: string
  address: string
  hours: string
  active: boolean
  position: number
}

export interface SlotView {
  id: string
  date: string
  begin: string
  end: string
  capacity: number
  taken: number
}
