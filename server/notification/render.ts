import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Handlebars from 'handlebars'
import type { Language } from '../../models/states.ts'
import { translate } from '../language/index.ts'
import { root, settings } from '../settings.ts'
import { shopSettings } from '../shop/index.ts'

export const mailTemplates = [
  'receipt',
  'sent',
  'refunded',
  'canceled',
  'staff-invite',
  'staff-reset',
] as const
export type MailTemplate = (typeof mailTemplates)[number]

export interface RenderedMail {
  subject: string
  html: string
  text: string
}

type Render = (data: unknown) => string
interface Compiled {
  /** By name: `receipt` for HTML, `receipt.text` for plain text. */
  bodies: Map<string, Render>
  layout: Render
  textLayout: Render
}
let compiled: Compiled | null = null

/**
 * Makes a mail of a template and its data. Whatever people have written is data: it is escaped in the HTML part, and
 * no template ever comes from a user.
 */
export async function renderMail(
  template: MailTemplate,
  language: Language,
  data: Record<string, unknown>,
): Promise<RenderedMail> {
  compiled ??= compile()
  const { bodies, layout, textLayout } = compiled
  const shop = await shopSettings()
  const frame = {
    ...data,
    language,
    template: keyOf(template),
    shop: {
      name: shop.name,
      colour: shop.colour,
      logo: shop.logo && settings().publicUrl + shop.logo,
      ...shop.contact,
      vatId: shop.vatId,
    },
  }
  const body = (name: string) => bodies.get(name)?.(frame) ?? ''
  return {
    subject: translate(language, `mail.${keyOf(template)}.subject`, words({ ...data, shop: shop.name })),
    html: layout({ ...frame, body: body(template) }),
    text: `${textLayout({ ...frame, body: body(`${template}.text`) }).trim()}\n`,
  }
}

/** Reads and compiles all templates; the start does it, so that a broken one is found at once. */
export function compileMails(): void {
  compiled = compile()
}

function compile(): Compiled {
  const dir = join(root, 'server', 'notification', 'templates')
  const sources = new Map(
    readdirSync(dir)
      .filter((file) => file.endsWith('.hbs'))
      .map((file) => [basename(file, '.hbs'), readFileSync(join(dir, file), 'utf8')]),
  )
  const bodies = new Map([...sources.keys()].map((name) => [name, compileOne(name, sources)]))
  const layout = bodies.get('layout')
  const textLayout = bodies.get('layout.text')
  if (!layout || !textLayout) throw new Error(`The layout of mails is missing in ${dir}`)
  return { bodies, layout, textLayout }
}

function compileOne(name: string, sources: Map<string, string>): Render {
  const engine = Handlebars.create()
  const isText = name.endsWith('.text')
  for (const [partial, source] of sources) {
    if (partial.endsWith('.text') === isText) engine.registerPartial(partial, source)
  }
  // {{t 'title'}} is this mail's own word; with a dot, {{t 'common.total'}}, any word of the mails.
  engine.registerHelper('t', (key: string, options: Handlebars.HelperOptions) => {
    const { language, template } = options.data.root as Frame
    const path = key.includes('.') ? key : `${template}.${key}`
    return translate(language, `mail.${path}`, words(options.hash))
  })
  return engine.compile(sources.get(name), { noEscape: isText, preventIndent: true })
}

interface Frame {
  language: Language
  template: string
}

/** Keys of the catalogue have no dashes: staff-invite is staffInvite. */
const keyOf = (template: MailTemplate): string =>
  template.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** What a sentence may be filled with. */
const words = (data: Record<string, unknown>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(data).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'number',
    ),
  )
