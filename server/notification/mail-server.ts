import { randomUUID } from 'node:crypto'
import type { Transporter } from 'nodemailer'
import type { Notification } from '../../models/notification.ts'
import type { Settings } from '../settings.ts'
import type { Words } from '../shop/contract.ts'

type Outcome = { sent: true } | { sent: false; final: boolean; error: string }

const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }
let server: { url: string; transport: Transporter } | null = null

/**
 * Hands a mail to the mail server, in the shop's name unless SMTP_FROM brings one along. Never throws: the outcome
 * says whether another try makes sense.
 */
export async function deliverMail(
  mail: Pick<Notification, '_id' | 'recipient' | 'subject' | 'html' | 'text'>,
  smtp: NonNullable<Settings['smtp']>,
  shopName: string,
): Promise<Outcome> {
  try {
    const transport = await transportTo(smtp.url)
    await transport.sendMail({
      from: smtp.from.includes('<') ? smtp.from : { name: shopName, address: smtp.from },
      to: mail.recipient,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      // The same on every try, so that a reader's mailbox can tell a second copy.
      messageId: `<${mail._id}@${senderHost(smtp.from)}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    return { sent: true }
  } catch (error) {
    return { sent: false, final: isFinal(error), error: wordsOf(error) }
  }
}

/** Whether the mail server lets us in, for the *ready to go live* page. Never throws. */
export async function testMailServer(
  smtp: Settings['smtp'],
): Promise<{ ok: boolean; latencyMs: number; answer: Words; advice: Words }> {
  const began = performance.now()
  const report = (ok: boolean, answer: Words, advice: Words) => ({
    ok,
    latencyMs: Math.round(performance.now() - began),
    answer,
    advice,
  })
  if (!smtp)
    return report(
      false,
      { key: 'ready.test.mail.unset' },
      { key: 'ready.setKeys', values: { keys: ['SMTP_URL', 'SMTP_FROM'] } },
    )
  try {
    await (await transportTo(smtp.url)).verify()
    return report(true, { key: 'ready.test.mail.in' }, '')
  } catch (error) {
    return report(false, wordsOf(error), { key: 'ready.test.mail.address' })
  }
}

/** Closes the connections to the mail server. */
export function forgetMailServer(): void {
  server?.transport.close()
  server = null
}

async function transportTo(url: string): Promise<Transporter> {
  if (server?.url === url) return server.transport
  forgetMailServer()
  // Loaded with the first mail: most requests never need it.
  const { createTransport } = (await import('nodemailer')).default
  const { protocol, hostname, port, username, password } = new URL(url)
  const transport = createTransport({
    pool: true,
    host: hostname,
    port: Number(port) || (protocol === 'smtps:' ? 465 : 587),
    secure: protocol === 'smtps:',
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    maxConnections: 2,
    // A template never names a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...patience,
  })
  server = { url, transport }
  return transport
}

/** 5xx: the mail server said no for good. All else may pass. A wrong password may be corrected in the meantime. */
const isFinal = (error: unknown): boolean => {
  const { responseCode = 0, code } = error as { responseCode?: number; code?: string }
  return responseCode >= 500 && code !== 'EAUTH'
}

const wordsOf = (error: unknown): string => {
  const { response, message } = error as { response?: string; message?: string }
  return (response ?? message ?? String(error)).slice(0, 300)
}

const senderHost = (from: string): string => /@([\w.-]+)/.exec(from)?.[1] ?? `parley-${randomUUID()}`
