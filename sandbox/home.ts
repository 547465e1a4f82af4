import express, { type Router } from 'express'
import type { SandboxContext } from './context.ts'
import { escapeHtml, page } from './html.ts'

/** `GET /`: what there is in the simulated world. */
export function home({ parleyUrl }: SandboxContext): Router {
  const router = express.Router()
  router.get('/', (_request, response) => {
    const cards = places.map(
      ({ path, name, about }) =>
        `<li><a href="${path}"><strong>${name}</strong><span>${escapeHtml(about)}</span></a></li>`,
    )
    response.type('html').send(
      page(
        'Sandbox',
        `<main><h1>Sandbox</h1>
<p class="lead">The outside world of <a href="${escapeHtml(parleyUrl)}/console">Parley</a>, simulated: nothing here reaches the real platforms, and nobody else reaches this.</p>
<ul class="cards">${cards.join('')}</ul>
<h2>For programs</h2>
<ul>
<li><code>GET /__sim/line/users</code>, <code>POST /__sim/line/users {displayName, language, follow}</code>, <code>DELETE /__sim/line/users</code> (everybody)</li>
<li><code>POST /__sim/line/users/:id/messages {text}</code>, <code>…/postback {data}</code>, <code>…/follow</code>, <code>…/unfollow</code>, <code>GET …/chat</code></li>
<li><code>GET, POST /__sim/messenger/people {firstName, locale}</code>, <code>POST /__sim/messenger/people/:psid/messages {text}</code>, <code>…/postback {payload}</code>, <code>…/read</code>, <code>…/block</code>, <code>…/inbox {text}</code>, <code>…/control {owner}</code></li>
<li><code>GET, PUT, DELETE /__sim/faults</code>, <code>POST /__sim/clock {advance}</code></li>
<li><code>GET /__sim/mails?to=</code>, <code>DELETE /__sim/mails</code>, <code>POST /sms {to, text}</code></li>
<li>LINE's Messaging API at <code>/v2/bot</code>, LINE Login at <code>/oauth2/v2.1</code>, LIFF at <code>/liff/{liffId}</code>, the Graph API at <code>/messenger/v25.0</code>, Omise's API at <code>/charges</code> and so on, Halkbank's at <code>/halkbank/payment/rest</code>, the Foreign Affairs Bank's at <code>/foreign-affairs-bank</code></li>
</ul></main>`,
      ),
    )
  })
  return router
}

const places = [
  {
    path: '/phone',
    name: 'Phone',
    about: 'Be a customer: a LINE chat with the shop, cards, and the checkout.',
  },
  {
    path: '/phone/messenger',
    name: 'Phone with Messenger',
    about: 'The same by Messenger: menu, templates, receipts, and pages inside the chat.',
  },
  { path: '/mailbox', name: 'Mailbox', about: 'Every e-mail and text message that left the shop.' },
  {
    path: '/__sim/omise',
    name: 'Omise',
    about: 'Its dashboard: charges as paid, failed or expired, refunds and disputes.',
  },
  {
    path: '/__sim/komoju/counter',
    name: 'Convenience store',
    about: 'Pay the codes of KOMOJU at the counter, or let them run out.',
  },
  {
    path: '/__sim/ipaymu',
    name: 'iPaymu',
    about: 'Its dashboard: pay the codes of banks, stores and QRIS, settle, give money back.',
  },
  {
    path: '/faults',
    name: 'Faults',
    about: 'Make the platforms slow, forgetful or wrong; see the webhooks.',
  },
]
