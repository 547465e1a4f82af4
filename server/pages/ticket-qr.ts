import { z } from 'zod'
import { notFound, type Route, route } from '../http/index.ts'
import { qrPng } from '../payment/index.ts'
import { readCode } from '../ticket/index.ts'

/**
 * The QR of a ticket's code, for mails: their readers show no picture that is written into them. It draws what the
 * address says and looks nothing up, so it tells nobody whether there is such a ticket.
 */
export const ticketQrRoute: Route = route({
  method: 'GET',
  path: '/tickets/:code/qr.png',
  access: 'anyone',
  summary: 'The QR of a ticket in a mail',
  hidden: true,
  params: z.object({ code: z.string().max(40) }),
  async handler({ params, response }) {
    const code = readCode(params.code)
    if (!code) throw notFound('The ticket')
    response.setHeader('Content-Type', 'image/png')
    response.setHeader('Cache-Control', 'private, max-age=86400')
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
    response.end(qrPng(code))
  },
})
