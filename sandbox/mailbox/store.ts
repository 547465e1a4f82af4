import { join } from 'node:path'
import { createTables, type Tables } from '../tables.ts'

/** A mail or a text message that left the shop. */
export interface StoredMail {
  id: string
  kind: 'mail' | 'sms'
  at: string
  from: string
  to: string[]
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  attachments: { name: string; contentType: string; size: number }[]
}

/** What came with a mail, by the mail's id and its place. */
export interface StoredFile {
  id: string
  contentType: string
  base64: string
}

type Rows = { mails: StoredMail; files: StoredFile }

export type MailStore = Tables<Rows>

/** The mails of this machine. With a folder they are still there after a restart, as in a real mailbox. */
export const createMailStore = (dataDir: string | undefined): MailStore =>
  createTables<Rows>({
    names: ['mails', 'files'],
    file: dataDir && join(dataDir, 'mailbox.jsonl'),
    most: { mails: 500, files: 1000 },
  })
