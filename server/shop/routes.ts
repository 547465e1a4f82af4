import { z } from 'zod'
import { type Route, route } from '../http/index.ts'
import { sampleCountries } from './demo/index.ts'
import { switchSample } from './demo-switch.ts'
import { changeLogo, changeShop, ShopChange, shopView } from './edit.ts'
import { assignTask, closeTask, listAudit, listTasks } from './lists.ts'
import { largestUpload } from './pictures.ts'
import { listReadiness, testConnection } from './readiness.ts'

const id = z.string().regex(/^[0-9a-f]{24}$/)
const TaskId = z.strictObject({ taskId: id })
const cursor = z.string().max(200).optional()

/** The shop's own settings, what waits for staff, who did what, and whether all is ready. */
export const routes: Route[] = [
  route({
    method: 'GET',
    path: '/api/shop',
    access: 'agent',
    summary: 'What the shop decides, with its version',
    handler: shopView,
  }),
  route({
    method: 'PUT',
    path: '/api/shop',
    access: 'admin',
    summary: 'Change settings; what is left out stays. 409 when somebody else was first',
    body: ShopChange,
    handler: ({ caller, body }) => changeShop(caller, body),
  }),
  route({
    method: 'POST',
    path: '/api/shop/logo',
    access: 'admin',
    summary: 'Upload a logo: the bytes of a JPEG, PNG, WebP or GIF',
    raw: true,
    limit: largestUpload,
    rate: 30,
    handler: ({ caller, body }) => changeLogo(caller, body as unknown as Buffer),
  }),
  route({
    method: 'POST',
    path: '/api/shop/sample',
    access: 'admin',
    summary: 'Move the sample shop to another country: language, currency, forms and goods. Sandbox only',
    body: z.strictObject({ country: z.enum(sampleCountries) }),
    handler: ({ caller, body }) => switchSample(caller, body.country),
  }),
  route({
    method: 'GET',
    path: '/api/tasks',
    access: 'agent',
    summary: 'What needs a person, newest first, page by page',
    query: z.strictObject({ state: z.enum(['open', 'done']).default('open'), cursor }),
    handler: ({ query }) => listTasks(query),
  }),
  route({
    method: 'POST',
    path: '/api/tasks/:taskId/done',
    access: 'agent',
    summary: 'Close a task',
    params: TaskId,
    handler: ({ caller, params }) => closeTask(caller, params.taskId),
  }),
  route({
    method: 'POST',
    path: '/api/tasks/:taskId/assign',
    access: 'agent',
    summary: 'Give a task to somebody, or to nobody',
    params: TaskId,
    body: z.strictObject({ staffId: id.nullable() }),
    handler: ({ caller, params, body }) => assignTask(caller, params.taskId, body.staffId),
  }),
  route({
    method: 'GET',
    path: '/api/audit',
    access: 'manager',
    summary: 'Who did what, newest first, page by page',
    query: z.strictObject({ subject: z.string().max(100).optional(), cursor }),
    handler: ({ query }) => listAudit(query),
  }),
  route({
    method: 'GET',
    path: '/api/readiness',
    access: 'manager',
    summary: 'Whether the shop is ready to go live',
    handler: listReadiness,
  }),
  route({
    method: 'POST',
    path: '/api/readiness/:id/test',
    access: 'manager',
    summary: 'Ask a platform now whether its keys work',
    params: z.strictObject({ id: z.string().regex(/^[a-zA-Z.]{1,40}$/) }),
    rate: 30,
    handler: ({ caller, params }) => testConnection(caller, params.id),
  }),
]
