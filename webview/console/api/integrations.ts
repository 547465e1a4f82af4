import type { IntegrationView, IssuedToken } from '../../../server/auth/contract.ts'
import { get, post, remove } from './http.ts'

export type { IntegrationView, IssuedToken }

export const listIntegrations = () => get<IntegrationView[]>('/api/integrations')
export const issueToken = (name: string) => post<IssuedToken>('/api/integrations', { name })
export const revokeToken = (id: string) => remove<IntegrationView>(`/api/integrations/${id}`)
