import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { messagingApi } from '@line/bot-sdk'
import type { Language } from '../../models/states.ts'
import { translate } from '../../server/language/index.ts'
import type { Settings } from '../../server/settings.ts'
import { shopSettings } from '../../server/shop/index.ts'
import { within } from '../channels/line/errors.ts'
import { rememberLook } from './look.ts'
import { SetupProblem } from './problem.ts'

const width = 2500
const height = 843
const largestPicture = 1_000_000
const actions = ['catalogue', 'my_orders', 'staff'] as const

/**
 * Gives everybody the menu under the chat: three areas, drawn in the shop's colour and language. One that is there
 * already is kept; one that the shop's look has left behind is replaced.
 */
export async function setUpRichMenu(
  client: messagingApi.MessagingApiClient,
  settings: Settings,
): Promise<string> {
  const shop = await shopSettings()
  const { language, colour } = shop
  const labels = actions.map((action) => translate(language, `chat.menu.${action}`))
  const look = createHash('sha256').update(drawing(labels, colour)).digest('hex')
  const name = `parley-${look.slice(0, 12)}`

  const { richmenus } = await within(client.getRichMenuList())
  const present = richmenus.find((menu) => menu.name === name)
  const current = present && (await currentMenu(client))
  const isThere = present !== undefined && current === present.richMenuId
  if (!isThere) {
    const richMenuId = await create(client, settings, { name, labels, colour, language })
    await within(client.setDefaultRichMenu(richMenuId))
    const old = richmenus.filter((menu) => menu.name.startsWith('parley-'))
    for (const menu of old) await within(client.deleteRichMenu(menu.richMenuId))
  }
  await rememberLook('line', shop)
  return `"${labels.join('", "')}" is shown ${isThere ? 'already' : 'to everybody'}`
}

async function currentMenu(client: messagingApi.MessagingApiClient): Promise<string | null> {
  try {
    return (await within(client.getDefaultRichMenuId())).richMenuId
  } catch {
    return null
  }
}

async function create(
  client: messagingApi.MessagingApiClient,
  settings: Settings,
  { name, labels, colour, language }: { name: string; labels: string[]; colour: string; language: Language },
): Promise<string> {
  const area = Math.floor(width / actions.length)
  const { richMenuId } = await within(
    client.createRichMenu({
      size: { width, height },
      selected: true,
      name,
      chatBarText: translate(language, 'chat.menu.bar').slice(0, 14),
      areas: actions.map((data, index) => ({
        bounds: { x: index * area, y: 0, width: area, height },
        action: {
          type: 'postback',
          data,
          displayText: labels[index] ?? data,
          label: (labels[index] ?? data).slice(0, 20),
        },
      })),
    }),
  )
  await upload(settings, richMenuId, await draw(labels, colour))
  return richMenuId
}

/** Not by the SDK, which sends pictures to a second host of its own and waits for as long as it takes. */
async function upload({ line }: Settings, richMenuId: string, picture: Buffer): Promise<void> {
  const response = await fetch(
    `${line?.dataApiUrl}/v2/bot/richmenu/${encodeURIComponent(richMenuId)}/content`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${line?.channelAccessToken}`,
        'content-type': 'image/png',
      },
      body: new Uint8Array(picture),
      signal: AbortSignal.timeout(30_000),
    },
  )
  if (response.ok) return
  throw new SetupProblem(
    `LINE refused the menu's picture: ${response.status} ${(await response.text()).slice(0, 200)}`,
    'Try again in a moment.',
  )
}

async function draw(labels: string[], colour: string): Promise<Buffer> {
  const picture = await png(drawing(labels, colour))
  if (picture.length === 0) {
    throw new SetupProblem(
      "The menu's picture could not be drawn",
      'The lines above say why. Then run npm run setup:line again.',
    )
  }
  if (picture.length > largestPicture) {
    throw new SetupProblem("The menu's picture is heavier than 1 MB", 'Choose a plain colour for the shop.')
  }
  return picture
}

async function png(svg: string): Promise<Buffer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'draw-png.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(svg)
  return buffer(child.stdout)
}

/** Drawn on a field of 100 by 100 around their middle. */
const icons = {
  catalogue: 'M-38-30h76l-8 60h-60zM-16-30v-8a16 16 0 0 1 32 0v8',
  my_orders: 'M-30-40h60v80l-12-8-9 8-9-8-9 8-9-8-12 8zM-16-18h32M-16-2h32M-16 14h18',
  staff: 'M-40-28h80v50h-46l-18 18v-18h-16zM-20-10h40M-20 6h24',
}

function drawing(labels: string[], colour: string): string {
  const area = width / actions.length
  const parts = actions.map((action, index) => {
    const middle = area * (index + 0.5)
    return `<g transform="translate(${middle} 350)">
      <circle r="180" fill="${colour}" fill-opacity="0.12"/>
      <path transform="scale(2.3)" d="${icons[action]}" fill="none" stroke="${colour}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/>
    </g>
    <text x="${middle}" y="690" text-anchor="middle" font-family="Noto Sans Thai, Loma, Thonburi, Noto Sans, DejaVu Sans, sans-serif" font-size="92" font-weight="600" fill="#1d2a26">${escapeXml(labels[index] ?? '')}</text>
    ${index ? `<line x1="${area * index}" y1="120" x2="${area * index}" y2="723" stroke="#d9e0dd" stroke-width="4"/>` : ''}`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#ffffff"/><rect width="100%" height="12" fill="${colour}"/>${parts.join('')}</svg>`
}

const escapeXml = (text: string) => text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
