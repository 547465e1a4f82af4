import type { AuditView, ReadinessRow, ShopSettingsView, TaskView } from '../../../server/shop/contract.ts'
import { get, post, put, upload } from './http.ts'

export type { AuditView, ReadinessRow, ShopSettingsView, TaskView }

export const findShop = () => get<ShopSettingsView>('/api/shop')
export const changeShop = (change: Partial<ShopSettingsView> & { version: number }) =>
  put<ShopSettingsView>('/api/shop', change)
export const moveSample = (country: string) => post<ShopSettingsView>('/api/shop/sample', { country })
export const setLogo = (file: Blob) => upload<ShopSettingsView>('/api/shop/logo', file)

export const listTasks = (state: 'open' | 'done', cursor?: string | null) =>
  get<{ tasks: TaskView[]; cursor: string | null }>('/api/tasks', { state, cursor })
export const finishTask = (id: string) => post(`/api/tasks/${id}/done`)

export const listReadiness = () => get<ReadinessRow[]>('/api/readiness')
export const testConnection = (id: string) => post<ReadinessRow>(`/api/readiness/${id}/test`)
export const listAudit = (filter: { subject?: string; cursor?: string | null }) =>
  get<{ entries: AuditView[]; cursor: string | null }>('/api/audit', filter)
