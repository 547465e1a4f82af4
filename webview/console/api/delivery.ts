import type { CourierView, PointView, SlotView } from '../../../server/delivery/contract.ts'
import { get, patch, post, remove } from './http.ts'

export type { CourierView, PointView, SlotView }

export const listCouriers = () => get<CourierView[]>('/api/couriers')
export const addCourier = (courier: Omit<CourierView, 'id'>) => post<CourierView>('/api/couriers', courier)
export const changeCourier = (id: string, change: Partial<Omit<CourierView, 'id'>>) =>
  patch<CourierView>(`/api/couriers/${id}`, change)
export const removeCourier = (id: string) => remove(`/api/couriers/${id}`)

export const listPoints = () => get<PointView[]>('/api/pickup-points')
export const addPoint = (point: Omit<PointView, 'id' | 'number'>) =>
  post<PointView>('/api/pickup-points', point)
export const changePoint = (id: string, change: Partial<Omit<PointView, 'id' | 'number'>>) =>
  patch<PointView>(`/api/pickup-points/${id}`, change)
export const removePoint = (id: string) => remove(`/api/pickup-points/${id}`)

export const listSlots = () => get<SlotView[]>('/api/slots')
export const addSlot = (slot: Omit<SlotView, 'id' | 'taken'>) => post<SlotView>('/api/slots', slot)
export const changeSlot = (id: string, change: { capacity: number }) =>
  patch<SlotView>(`/api/slots/${id}`, change)
export const removeSlot = (id: string) => remove(`/api/slots/${id}`)
