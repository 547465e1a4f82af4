import type { Language } from '../../models/states.ts'
import { type Call, type Route, route, type StaffCaller } from '../http/index.ts'
import { formatDateTime, inWords, translate } from '../language/index.ts'
import { gatewaysInUse } from '../payment/index.ts'
import { listReadiness, shopSettings, testConnection } from '../shop/index.ts'
import { formBody, formLimit, readForm } from './form.ts'
import { languageFor, sendPage } from './look.ts'

const path = '/admin/settings/payment/test'

/** Seed 2's page for staff: whether each gateway answers, what it says, and what to do about it. */
export const connectionTestRoutes: Route[] = [
  route({
    method: 'GET',
    path,
    access: 'manager',
    summary: 'The connections to the payment gateways, as last tested',
    hidden: true,
    handler: show,
  }),
  route({
    method: 'POST',
    path,
    access: 'manager',
    summary: 'Tests the connection to a payment gateway, or to all that are in use',
    hidden: true,
    raw: true,
    body: formBody,
    limit: formLimit,
    rate: 20,
    async handler(call) {
      const wanted = readForm(call).get('gateway')
      const names = gatewaysInUse().map(([name]) => name)
      const tested = wanted ? names.filter((name) => name === wanted) : names
      await Promise.all(tested.map((name) => testConnection(call.caller, name)))
      await show(call)
    },
  }),
]

async function show(call: Call<unknown, unknown, unknown, StaffCaller>): Promise<void> {
  const language: Language = await languageFor(call)
  const { zone } = await shopSettings()
  const names = gatewaysInUse().map(([name]) => name)
  const rows = (await listReadiness())
    .filter(({ id }) => names.includes(id))
    .map((row) => ({
      id: row.id,
      keys: row.keys,
      title: inWords(language, row.title),
      advice: inWords(language, row.advice),
      lastTest: row.lastTest && { ...row.lastTest, answer: inWords(language, row.lastTest.answer) },
      good: row.lastTest?.ok === true,
      bad: row.lastTest?.ok === false,
      testedAt: row.lastTest && formatDateTime(new Date(row.lastTest.at), language, zone),
    }))
  const title = translate(language, 'myOrders.test.title')
  await sendPage(call, { template: 'connection-test', language, sheet: { title, rows, path } })
}
