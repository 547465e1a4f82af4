import type { FilledCart } from '../../../server/catalogue/contract.ts'
import type { ConversationView, CustomerView, MessageView } from '../../../server/conversation/contract.ts'
import type { StaffOrderView } from '../../../server/order/contract.ts'
import { get, patch, post, remove, upload } from './http.ts'

export type { ConversationView, CustomerView, FilledCart, MessageView }

export interface ConversationFilter {
  status: string
  assignee: 'me' | 'none' | 'all'
  q: string
  cursor?: string | null
}

export interface ConversationPage {
  conversations: ConversationView[]
  next: string | null
  counts: { mine: number; unassigned: number; all: number }
}

export interface MessagePage {
  messages: MessageView[]
  before: string | null
}

export interface CannedReply {
  id: string
  shortcut: string
  text: string
  language: string | null
}

export type NewMessage = { clientId: string } & (
  | { kind: 'text' | 'note'; text: string }
  | { kind: 'image'; mediaId: string }
)

export interface ConversationChange {
  state?: ConversationView['state']
  snoozedUntil?: string
  assignee?: string | null
}

const at = (id: string) => `/api/conversations/${id}`

export const listConversations = (filter: ConversationFilter) =>
  get<ConversationPage>('/api/conversations', { ...filter })
export const findConversation = (id: string) => get<ConversationView>(at(id))
export const changeConversation = (id: string, change: ConversationChange) =>
  patch<ConversationView>(at(id), change)
export const markRead = (id: string) => post(`${at(id)}/read`)
export const openOrder = (id: string, clientId: string, currency?: string) =>
  post<StaffOrderView>(`${at(id)}/orders`, { clientId, ...(currency && { currency }) })
/** What the customer has put in and has not confirmed. */
export const findCart = (id: string) => get<{ cart: FilledCart | null }>(`${at(id)}/cart`)

export const listMessages = (id: string, before?: string | null) =>
  get<MessagePage>(`${at(id)}/messages`, { before })
export const sendMessage = (id: string, message: NewMessage) =>
  post<MessageView>(`${at(id)}/messages`, message)
export const uploadPicture = (id: string, file: Blob) => upload<{ mediaId: string }>(`${at(id)}/media`, file)
export const resendMessage = (id: string) => post<MessageView>(`/api/messages/${id}/resend`)
export const discardMessage = (id: string) => post<MessageView>(`/api/messages/${id}/discard`)

export const listCanned = () => get<{ cannedReplies: CannedReply[] }>('/api/canned-replies')
export const addCanned = (reply: Omit<CannedReply, 'id'>) => post<CannedReply>('/api/canned-replies', reply)
export const removeCanned = (id: string) => remove(`/api/canned-replies/${id}`)

export const findCustomer = (id: string) => get<CustomerView>(`/api/customers/${id}`)
export const changeCustomer = (id: string, change: Partial<Pick<CustomerView, 'notes' | 'labels'>>) =>
  patch<CustomerView>(`/api/customers/${id}`, change)
export const mergeCustomers = (id: string, customerId: string) =>
  post<CustomerView>(`/api/customers/${id}/merge`, { customerId })
export const unmergeCustomer = (id: string) => post<CustomerView>(`/api/customers/${id}/unmerge`)
