import express, { type Router } from 'express'
import { isLoopback } from '../../context.ts'
import { badRequest, LineError } from '../errors.ts'
import type { LineService } from '../service.ts'
import { bodyOf, HOUR, limitRate, MINUTE, readJson } from './http.ts'

const LONGEST_URL = 500

/** Where webhooks go: read, set, and tried out. */
export function webhookEndpoint(service: LineService): Router {
  const { webhook } = service
  const router = express.Router()

  router.get('/endpoint', limitRate(service, 1000, MINUTE), (_request, response) => {
    response.json({ endpoint: webhook.endpoint.url, active: webhook.endpoint.active })
  })

  router.put('/endpoint', limitRate(service, 1000, MINUTE), readJson, (request, response) => {
    webhook.endpoint.url = checkEndpoint(bodyOf(request)['endpoint'])
    webhook.endpoint.active = true
    response.json({})
  })

  router.post('/test', limitRate(service, 60, HOUR), readJson, async (request, response) => {
    const asked = bodyOf(request)['endpoint']
    const delivery = await webhook.verify(asked === undefined ? undefined : checkEndpoint(asked))
    const statusCode = delivery.status ?? 0
    response.json({
      success: delivery.reason === undefined,
      timestamp: new Date(delivery.at).toISOString(),
      statusCode,
      reason: delivery.reason === undefined ? 'OK' : delivery.reason.toUpperCase(),
      detail: delivery.reason === undefined ? String(statusCode) : (delivery.detail ?? ''),
    })
  })

  return router
}

function checkEndpoint(endpoint: unknown): string {
  if (typeof endpoint !== 'string' || endpoint.length > LONGEST_URL || !URL.canParse(endpoint)) {
    throw badRequest('Invalid webhook endpoint URL')
  }
  const address = new URL(endpoint)
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && isLoopback(address))) {
    throw new LineError(400, 'Invalid webhook endpoint URL')
  }
  return endpoint
}
