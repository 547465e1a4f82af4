import express, { type ErrorRequestHandler, type Request, type Response } from 'express'
import { z } from 'zod'
import { BlockedError } from './blocked.ts'

/** Whatever is not JSON is a file that somebody sends. */
export const readMedia = (limit: string) =>
  express.raw({
    limit,
    type: (request) => !/^application\/json\b/.test(request.headers['content-type'] ?? ''),
  })

interface Watched {
  /** Whether the person still exists: the stream ends with them. */
  isThere(): boolean
  view(): unknown
  /** Calls back after every change of this person; returns the function that stops it. */
  onChange(listener: () => void): () => void
}

/** Shows a chat as it is, and again after every change, until the page goes away. */
export function streamChat(response: Response, { isThere, view, onChange }: Watched): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const send = () => response.write(`data: ${JSON.stringify(view())}\n\n`)
  const stop = onChange(() => {
    if (isThere()) send()
    else response.end()
  })
  const alive = setInterval(() => response.write(': still here\n\n'), 20_000).unref()
  response.on('close', () => {
    stop()
    clearInterval(alive)
  })
  send()
}

/** What the desk of a platform shows besides chats: its deliveries and calls, the latest first. */
export function showTraffic(
  router: express.Router,
  { webhook, calls }: { webhook: { endpoint: unknown; deliveries: unknown[] }; calls: unknown[] },
): void {
  router.get('/deliveries', (_request: Request, response: Response) => {
    response.json({ endpoint: webhook.endpoint, deliveries: [...webhook.deliveries].reverse() })
  })
  router.get('/calls', (_request: Request, response: Response) => {
    response.json({ calls: [...calls].reverse() })
  })
}

export const answerMistakes: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error)
  if (error instanceof z.ZodError) return void response.status(400).json({ error: z.prettifyError(error) })
  const status = error instanceof BlockedError ? 409 : (error as { status?: number }).status
  const message = error instanceof Error ? error.message : String(error)
  response.status(status ?? (message.startsWith('There is no') ? 404 : 400)).json({ error: message })
}
