import { z } from 'zod'
import { type Route, route } from '../http/index.ts'
import { gatewaysInUse } from '../payment/index.ts'
import { audit } from '../shop/index.ts'
import { sendCsv } from './csv.ts'
import { reconcileAgain } from './days.ts'
import { listMoney, moneyCells, moneyHead } from './money-log.ts'
import { comparingOf } from './one-by-one.ts'
import { dayCells, dayHead, findDay, listDays, showDay, viewsOf } from './views.ts'

export { reconcileDue } from './days.ts'

const Id = z.strictObject({ id: z.string().regex(/^[0-9a-f]{24}$/) })
const day = z.iso.date()
const Days = z.strictObject({ from: day, to: day })

/** Whether what the gateways list is what we count, and where the money went. */
export const routes: Route[] = [
  route({
    method: 'GET',
    path: '/api/reconciliations',
    access: 'manager',
    summary: 'Days compared with what each gateway lists, the newest first, page by page',
    query: z.strictObject({ cursor: z.string().max(80).optional() }),
    async handler({ query }) {
      const gateways = gatewaysInUse().map(([name, gateway]) => ({ name, comparing: comparingOf(gateway) }))
      return { ...(await listDays(query.cursor)), gateways }
    },
  }),
  route({
    method: 'POST',
    path: '/api/reconciliations',
    access: 'manager',
    summary: 'Compare a day again, or for the first time',
    body: z.strictObject({ gateway: z.string().max(40), day }),
    async handler({ body, caller }) {
      const run = await reconcileAgain(body.gateway, body.day, caller.staffId)
      const { staffId: by, name: byName } = caller
      await audit({ by, byName, action: 'reconciliation.again', subject: `${body.gateway} ${body.day}` })
      const [view] = await viewsOf([run])
      return view
    },
  }),
  route({
    method: 'GET',
    path: '/api/reconciliations/:id',
    access: 'manager',
    summary: 'A compared day, with every payment that differs',
    params: Id,
    handler: ({ params }) => showDay(params.id),
  }),
  route({
    method: 'GET',
    path: '/api/reconciliations/:id/csv',
    access: 'manager',
    summary: 'A compared day with every payment, for spreadsheets',
    params: Id,
    async handler({ params, response }) {
      const run = await findDay(params.id)
      await sendCsv(response, `${run.gateway}-${run.day}`, dayHead, dayCells(run))
    },
  }),
  route({
    method: 'GET',
    path: '/api/money',
    access: 'manager',
    summary: 'Money that came and went in these days, the newest first, page by page',
    query: Days.extend({ cursor: z.string().max(80).optional() }),
    handler: ({ query: { cursor, ...days } }) => listMoney(days, cursor),
  }),
  route({
    method: 'GET',
    path: '/api/money/csv',
    access: 'manager',
    summary: 'Money that came and went in these days, for spreadsheets',
    query: Days,
    async handler({ query, response }) {
      await sendCsv(response, `money-${query.from}-${query.to}`, moneyHead, moneyCells(query))
    },
  }),
]
