import type { StaffRole, StaffView } from '../../../server/auth/contract.ts'
import { CallError, get, patch, post } from './http.ts'

export type { StaffRole, StaffView }

/** The login answers words without a code; its status tells which refusal it is. */
const refusals: Record<number, string> = { 401: 'auth.wrong', 429: 'rate.limited' }

export const logIn = (username: string, password: string) =>
  post('/api/auth/login', { username, password }).catch((error: unknown) => {
    if (!(error instanceof CallError)) throw error
    const { status, message, details } = error
    throw new CallError({ status, message, details, code: refusals[status] ?? error.code })
  })
export const logOut = () => get('/api/auth/logout')
export const whoAmI = () => get<StaffView>('/api/staff/me')
export const changePassword = (current: string, next: string) =>
  post('/api/staff/me/password', { current, next })
export const forgotPassword = (email: string) => post('/api/staff/forgot', { email })
export const resetPassword = (token: string, password: string) =>
  post('/api/staff/reset', { token, password })
export const join = (token: string, password: string, name: string) =>
  post<StaffView>('/api/staff/join', { token, password, ...(name && { name }) })

export const listStaff = () => get<StaffView[]>('/api/staff')
export const inviteStaff = (person: { email: string; name: string; role: StaffRole }) =>
  post<StaffView>('/api/staff', person)
export const inviteAgain = (id: string) => post<StaffView>(`/api/staff/${id}/invite`)
export const changeStaff = (id: string, change: { role?: StaffRole; active?: boolean }) =>
  patch<StaffView>(`/api/staff/${id}`, change)
