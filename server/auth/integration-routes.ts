import { z } from 'zod'
import { type Route, route } from '../http/index.ts'
import { issueToken, listIntegrations, revokeToken } from './integrations.ts'

/** The tokens by which other programs sell through this shop. */
export const integrationRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/integrations',
    access: 'admin',
    summary: 'Every token that was issued, and when it was last used',
    handler: listIntegrations,
  }),
  route({
    method: 'POST',
    path: '/api/integrations',
    access: 'admin',
    summary: 'Issue a token; it is shown in this answer and never again',
    body: z.strictObject({ name: z.string().trim().min(1).max(100) }),
    rate: 30,
    handler: ({ caller, body }) => issueToken(caller, body.name),
  }),
  route({
    method: 'DELETE',
    path: '/api/integrations/:tokenId',
    access: 'admin',
    summary: 'Revoke a token: whatever uses it is locked out at once',
    params: z.strictObject({ tokenId: z.string().regex(/^[0-9a-f]{24}$/) }),
    handler: ({ caller, params }) => revokeToken(caller, params.tokenId),
  }),
]
