import express, { type Router } from 'express'
import { escapeHtml, page } from '../html.ts'
import type { MailStore, StoredMail } from './store.ts'

/** The mailbox as a page: a list, and the mail that is being read. */
export function mailPages(store: MailStore): Router {
  const router = express.Router()
  const mails = () => [...store.mails.values()].reverse()

  router.get('/mailbox', (_request, response) => {
    response.type('html').send(page('Mailbox', frame(mails(), undefined)))
  })

  router.get('/mailbox/:id', (request, response) => {
    const mail = store.mails.get(request.params.id)
    if (!mail) return void response.redirect(302, '/mailbox')
    response.type('html').send(page(mail.subject || 'Mailbox', frame(mails(), mail)))
  })

  // Shown in a sandboxed frame: whatever the mail holds, it runs no script here.
  router.get('/mailbox/:id/body', (request, response) => {
    const mail = store.mails.get(request.params.id)
    if (!mail) return void response.status(404).end()
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; font-src *; sandbox allow-popups allow-popups-to-escape-sandbox",
    )
    response.type('html').send(`<base target="_blank">${mail.html}`)
  })

  router.get('/mailbox/:id/:file', (request, response) => {
    const found = store.files.get(`${request.params.id}/${request.params.file}`)
    if (!found) return void response.status(404).end()
    response.setHeader('content-security-policy', "default-src 'none'; sandbox")
    response.type(found.contentType).send(Buffer.from(found.base64, 'base64'))
  })

  return router
}

function frame(mails: StoredMail[], open: StoredMail | undefined): string {
  const rows = mails.map(
    (mail) => `<li><a href="/mailbox/${mail.id}"${mail === open ? ' aria-current="page"' : ''}>
<span>${escapeHtml(mail.to.join(', '))}<time datetime="${mail.at}">${mail.at.slice(11, 16)}</time></span>
<strong>${mail.kind === 'sms' ? 'SMS · ' : ''}${escapeHtml(mail.subject || '(no subject)')}</strong></a></li>`,
  )
  const list = rows.length > 0 ? `<ol>${rows.join('')}</ol>` : '<p class="empty">No mail has come yet.</p>'
  return `<link rel="stylesheet" href="/__sim/pages/mail.css">
<div class="mail" data-reading="${open !== undefined}">
<nav aria-label="Mails"><header><h1>Mailbox</h1><a href="/">Sandbox</a></header>${list}</nav>
<main>${open ? letter(open) : '<p class="empty">Every e-mail and text message that leaves the shop arrives here.</p>'}</main>
</div>
<script type="module">
const newest = ${JSON.stringify(mails[0]?.id ?? '')}
setInterval(async () => {
  const { mails } = await (await fetch('/__sim/mails')).json()
  if ((mails[0]?.id ?? '') !== newest) location.reload()
}, 3000)
</script>`
}

function letter(mail: StoredMail): string {
  const attachments = mail.attachments
    .map(
      ({ name, size }, index) =>
        `<a href="/mailbox/${mail.id}/${index}">${escapeHtml(name)}</a> (${size} bytes)`,
    )
    .join(', ')
  const content = mail.html
    ? `<iframe title="The mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mailbox/${mail.id}/body"></iframe>`
    : `<div class="plain">${linked(mail.text)}</div>`
  return `<header><a class="back" href="/mailbox">Back to the list</a>
<h1>${escapeHtml(mail.subject || '(no subject)')}</h1>
<dl><dt>From</dt><dd>${escapeHtml(mail.from)}</dd><dt>To</dt><dd>${escapeHtml(mail.to.join(', '))}</dd>
<dt>Time</dt><dd>${escapeHtml(mail.at)}</dd>${attachments ? `<dt>Files</dt><dd>${attachments}</dd>` : ''}</dl></header>
${content}`
}

const linked = (text: string): string =>
  escapeHtml(text).replace(/https?:\/\/[^\s<>"]+/g, (url) => `<a href="${url}" target="_blank">${url}</a>`)
