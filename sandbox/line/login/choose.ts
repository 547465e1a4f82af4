import { escapeHtml, page } from '../../html.ts'
import type { LineService } from '../service.ts'

/** A page that asks which simulated person to be; the answer comes back as `sim_user` on the same address. */
export function choosePerson({ world, channel }: LineService, address: string, canCancel = false): string {
  const people = [...world.users.values()].map((user) =>
    link(user.userId, `<img src="${escapeHtml(user.pictureUrl)}" alt="">${escapeHtml(user.displayName)}`),
  )
  const none = people.length === 0 ? '<p>Nobody is here yet: make a person on the phone page first.</p>' : ''
  return page(
    'LINE Login',
    `<main class="narrow"><h1>LINE Login</h1>
<p>${escapeHtml(channel.displayName)} asks who you are. Whom do you want to be?</p>${none}
<ul class="people">${people.join('')}${canCancel ? link('none', 'Cancel') : ''}</ul></main>`,
  )

  function link(user: string, label: string): string {
    const query = new URLSearchParams(address.split('?')[1])
    query.set('sim_user', user)
    return `<li><a href="?${escapeHtml(query.toString())}">${label}</a></li>`
  }
}
