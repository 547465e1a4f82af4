import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { type FormOrder, formPage, leftPage } from './form-page.ts'

const Action = z.enum(['pay', 'decline', 'cancel', 'leave'])

interface Form<Order> {
  bank: string
  path: string
  find(request: Request): Order | undefined
  shown(order: Order): Omit<FormOrder, 'bank'>
  /** What a button does: the address where the browser goes then, or what was wrong, and the form is shown again. */
  press(order: Order, action: 'pay' | 'decline' | 'cancel'): { to: string } | { wrong: string }
}

/** A bank's own page at its own path, with its four buttons. *Leave* does not go back at all. */
export function hostForm<Order>(router: Router, { bank, path, find, shown, press }: Form<Order>): void {
  router.get(path, (request: Request, response: Response) => {
    const order = find(request)
    if (!order) return notThere(response)
    response.type('html').send(formPage({ bank, ...shown(order) }))
  })

  router.post(path, express.urlencoded({ extended: false }), (request: Request, response: Response) => {
    const order = find(request)
    if (!order) return notThere(response)
    const action = Action.safeParse((request.body as { action?: unknown } | undefined)?.action)
    if (!action.success) return void response.status(400).type('text').send('Press one of the buttons')
    if (action.data === 'leave') return void response.type('html').send(leftPage(bank))
    const next = press(order, action.data)
    if ('to' in next) return response.redirect(303, next.to)
    response.type('html').send(formPage({ bank, ...shown(order), ...next }))
  })
}

const notThere = (response: Response): void =>
  void response.status(404).type('html').send('<html><body><h1>404</h1></body></html>')
