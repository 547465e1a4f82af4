import type { Request, Response, Router } from 'express'
import { notFound } from './errors.ts'
import type { Platform } from './platform.ts'
import { promptPayPayload, qrPng, qrSvg } from './promptpay.ts'

/** The QR image of a charge. Its address is a secret in itself: no key is asked for, as on the real platform. */
export function documents(router: Router, platform: Platform): void {
  router.get('/charges/:id/documents/:document/downloads/:secret', (request: Request, response: Response) => {
    const { id, document, secret } = request.params as { id: string; document: string; secret: string }
    const charge = platform.store.charges.get(id)
    const stored = charge?.document
    if (!charge || stored?.id !== document || stored.secret !== secret) throw notFound('document', document)
    const payload = promptPayPayload(charge.amount, charge.payment)
    response.set('Access-Control-Allow-Origin', '*')
    // Shops put the image on their own pages.
    response.set('Cross-Origin-Resource-Policy', 'cross-origin')
    if (stored.format === 'png') response.type('png').send(qrPng(payload))
    else response.type('svg').send(qrSvg(payload))
  })
}
