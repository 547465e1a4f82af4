import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type Router } from 'express'
import { SMTPServer } from 'smtp-server'
import { z } from 'zod'
import type { SandboxContext } from '../context.ts'
import { flag } from '../knobs.ts'
import { waitForOne } from '../wait-for.ts'
import { addresses, readMail } from './decode.ts'
import { mailPages } from './pages.ts'
import { createMailStore, type StoredFile, type StoredMail } from './store.ts'

export type { StoredMail } from './store.ts'

export interface MailboxHandle {
  /** All that came, newest first; `to` keeps only what went to that address or number. */
  mails(to?: string): StoredMail[]
  /** Waits for a mail that fits, at most 10 s unless `patience` (ms) says otherwise. */
  waitFor(fits: (mail: StoredMail) => boolean, patience?: number): Promise<StoredMail>
  clear(): void
  close(): Promise<void>
}

const LARGEST_MAIL = 20 * 1024 * 1024
const Sms = z.looseObject({ to: z.string().min(3), text: z.string().min(1), from: z.string().optional() })

/** Every mail and text message that leaves the shop ends here: a real SMTP server, and a page to read it all. */
export async function mailbox(
  options: { smtpPort: number },
  context: SandboxContext,
): Promise<{ router: Router; handle: MailboxHandle; smtpUrl: string }> {
  context.faults.define('mailbox', [
    flag('refuse', 'SMTP: refuses a mail for good (550)'),
    flag('busy', 'SMTP: asks to try again later (451)'),
    flag('smsDown', 'SMS: answers 503'),
  ])
  const store = createMailStore(context.dataDir)
  const mails = () => [...store.mails.values()].reverse()
  const listeners = new Set<() => void>()
  let count = Number(mails()[0]?.id ?? 0)
  const keep = (mail: Omit<StoredMail, 'id' | 'at'>, id = String(++count)): StoredMail => {
    const stored = { ...mail, id, at: new Date(context.clock.now()).toISOString() }
    store.save('mails', stored)
    for (const listener of listeners) listener()
    return stored
  }

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: LARGEST_MAIL,
    // Whoever signs in is let in: no mail leaves this machine.
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anybody' }),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
      stream.on('end', () => {
        if (context.faults.take<boolean>('mailbox', 'refuse')) return done(refusal(550, 'No such mailbox'))
        if (context.faults.take<boolean>('mailbox', 'busy')) return done(refusal(451, 'Try again later'))
        const read = readMail(Buffer.concat(chunks))
        const envelope = session.envelope.rcptTo.map(({ address }) => address)
        const id = String(++count)
        let { html } = read
        read.attachments.forEach(({ contentType, bytes, contentId }, index) => {
          const file: StoredFile = { id: `${id}/${index}`, contentType, base64: bytes.toString('base64') }
          store.save('files', file)
          if (contentId) html = html.replaceAll(`cid:${contentId}`, `/mailbox/${id}/${index}`)
        })
        const attachments = read.attachments.map(({ name, contentType, bytes }) => ({
          name,
          contentType,
          size: bytes.length,
        }))
        const { from, subject, text, headers } = read
        const to = [...new Set([...envelope, ...read.to, ...read.cc])]
        keep({ kind: 'mail', from, to, subject, text, html, headers, attachments }, id)
        done()
      })
    },
  })
  smtp.on('error', (error) => console.error('The simulated mail server:', error.message))
  const listener = smtp.listen(options.smtpPort, '127.0.0.1')
  await once(listener, 'listening')

  const handle: MailboxHandle = {
    mails: (to) => (to ? mails().filter((mail) => mail.to.includes(to)) : mails()),
    waitFor: (fits, patience) =>
      waitForOne(
        {
          all: mails,
          onChange(listener) {
            listeners.add(listener)
            return () => listeners.delete(listener)
          },
          describe: ({ to, subject }) => `${to.join(', ')}: ${subject}`,
        },
        fits,
        patience,
      ),
    clear: store.clear,
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  }

  const router = express.Router()
  router.get('/__sim/mails', (request, response) => {
    const { to } = request.query
    response.json({ mails: handle.mails(typeof to === 'string' ? to : undefined) })
  })
  router.delete('/__sim/mails', (_request, response) => {
    handle.clear()
    response.status(204).end()
  })
  router.post('/sms', express.json(), (request, response) => {
    if (context.faults.take<boolean>('mailbox', 'smsDown')) return void response.status(503).end()
    const sms = Sms.safeParse(request.body)
    if (!sms.success) return void response.status(400).json({ error: z.prettifyError(sms.error) })
    const { to, text, from = 'Shop' } = sms.data
    const stored = keep({
      kind: 'sms',
      from,
      to: addresses(to),
      subject: text.slice(0, 60),
      text,
      html: '',
      headers: {},
      attachments: [],
    })
    response.status(201).json({ id: stored.id })
  })
  router.use(mailPages(store))

  const { port } = listener.address() as AddressInfo
  return { router, handle, smtpUrl: `smtp://127.0.0.1:${port}` }
}

/** An SMTP error with the answer's code. */
const refusal = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode })
