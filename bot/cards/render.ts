import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Handlebars from 'handlebars'
import { isLoopback, root, settings } from '../../server/settings.ts'
import { cut, tidyName } from '../text.ts'

type Render = (data: object) => string
const longestAltText = 1500

let compiled: Map<string, Render> | undefined

/** Reads and compiles every card; the start does it, so that a broken one is found at once. */
export function compileCards(): void {
  compiled = new Map()
  const folder = join(root, 'bot', 'cards')
  for (const channel of readdirSync(folder, { withFileTypes: true })) {
    if (!channel.isDirectory()) continue
    const hbs = createEngine()
    const files = readdirSync(join(folder, channel.name)).filter((file) => file.endsWith('.hbs'))
    for (const file of files) {
      const source = readFileSync(join(folder, channel.name, file), 'utf8')
      checkTemplate(source, `${channel.name}/${file}`)
      hbs.registerPartial(basename(file, '.hbs'), source)
    }
    for (const file of files) {
      const name = basename(file, '.hbs')
      const render = hbs.compile(`{{> ${name}}}`, { noEscape: true })
      compiled.set(`${channel.name}/${name}`, (data) =>
        render(data, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false }),
      )
    }
  }
}

/**
 * A card as the platform's own JSON. What people have written comes in as data, and stays data. Null for a channel
 * that has no cards yet: there the text is sent.
 */
export function renderCard(channel: string, name: string, data: object): unknown {
  if (!compiled) compileCards()
  if (![...(compiled?.keys() ?? [])].some((key) => key.startsWith(`${channel}/`))) return null
  const render = compiled?.get(`${channel}/${name}`)
  if (!render) throw new Error(`There is no card ${channel}/${name}`)
  return JSON.parse(render(data))
}

/** What is read where a card cannot be drawn: on the lock screen, in the list of chats. */
export const altText = (...parts: string[]): string =>
  cut(tidyName(parts.filter(Boolean).join('\n')), longestAltText)

/** The helpers that print; each prints one whole JSON value. */
const printers = ['text', 'url', 'number', 'flag', 'colour']

function createEngine(): typeof Handlebars {
  const hbs = Handlebars.create()
  // LINE refuses an empty text, and counts UTF-16 units. A name that turns what follows would turn its price.
  hbs.registerHelper('text', (value: unknown, limit: unknown) => {
    const text = tidyName(String(value ?? ''))
    return JSON.stringify(text === '' ? '–' : cut(text, typeof limit === 'number' ? limit : 300))
  })
  hbs.registerHelper('url', (value: unknown) => JSON.stringify(String(value ?? '')))
  hbs.registerHelper('colour', (value: unknown) =>
    JSON.stringify(/^#[0-9a-f]{6}$/i.test(String(value)) ? String(value) : '#0b6b4f'),
  )
  hbs.registerHelper('number', (value: unknown) => String(Number(value) || 0))
  // Two texts in one place, for platforms that have only one line.
  hbs.registerHelper('join', (first: unknown, second: unknown) =>
    [first, second].filter((one) => typeof one === 'string' && one !== '').join(' · '),
  )
  hbs.registerHelper('ours', (address: unknown) => isOurPage(String(address ?? '')))
  hbs.registerHelper('flag', (value: unknown) => String(value === true))
  return hbs
}

/** A page of the shop itself, at an address that platforms open inside the chat. */
function isOurPage(address: string): boolean {
  const { publicUrl, sandbox } = settings()
  if (!address.startsWith(`${publicUrl}/`)) return false
  return address.startsWith('https:') || (sandbox && isLoopback(address))
}

/** A template that printed a value as it is could be broken by a quotation mark in somebody's name: refuse it. */
function checkTemplate(source: string, file: string): void {
  const visitor = new Handlebars.Visitor()
  visitor.MustacheStatement = (statement) => {
    const name = 'original' in statement.path ? String(statement.path.original) : ''
    if (!printers.includes(name)) {
      throw new Error(`${file} prints {{${name}}} as it is: print it by one of ${printers.join(', ')}`)
    }
  }
  visitor.accept(Handlebars.parse(source))
}
