import { z } from 'zod'
import { currencies } from '../../models/money.ts'
import type { ShopSettings } from '../../models/shop.ts'
import { languages } from '../../models/states.ts'
import { AppError, type StaffCaller } from '../http/index.ts'
import { audit } from './audit.ts'
import { contrastOnWhite } from './colour.ts'
import type { ShopSettingsView } from './contract.ts'
import { storePicture } from './pictures.ts'
import { forgetShopSettings, shopSettings, writeShopSettings } from './settings.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time as HH:MM')
const text = (most: number) => z.string().trim().max(most)
const minutes = (most: number) => z.int().min(1).max(most)
const percent = z.int().min(0).max(100)
const minorUnits = z.int().min(0).max(1_000_000_000_000)
const day = z.int().min(0).max(6)
const inOrder = { message: 'the end must be after the beginning' }

/** What the owner may edit. Every field may be left out: it stays as it is. */
export const ShopChange = z.strictObject({
  version: z.int().min(0),
  ...z
    .strictObject({
      name: text(80).min(1),
      /** Only taking it away; a new one is uploaded. */
      logo: z.string().max(200).nullable(),
      colour: z
        .string()
        .regex(/^#[0-9a-f]{6}$/i, 'write a colour as #0b6b4f')
        .refine(
          (colour) => contrastOnWhite(colour) >= 4.5,
          'choose a darker colour: white text on it cannot be read',
        ),
      country: z.string().regex(/^[A-Z]{2}$/, 'write two letters, such as TH'),
      currency: z.enum(currencies),
      zone: text(60).refine(isZone, 'choose a time zone such as Asia/Bangkok'),
      language: z.enum(languages),
      languages: z.array(z.enum(languages)).min(1).max(languages.length),
      hours: z
        .array(
          z
            .strictObject({ day, opens: time, closes: time })
            .refine(({ opens, closes }) => opens < closes, inOrder),
        )
        .max(28),
      awayMessage: text(1000),
      greeting: text(1000),
      vatPercent: z.number().min(0).max(30).multipleOf(0.01),
      vatId: text(40),
      contact: z.strictObject({
        phone: text(40),
        email: z.union([z.literal(''), z.email().max(200)]),
        address: text(500),
        url: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(300)]),
      }),
      policy: text(10_000),
      logistics: z.boolean(),
      captureLater: z.boolean(),
      windows: z
        .array(
          z
            .strictObject({
              days: z.array(day).min(1).max(7),
              begin: time,
              end: time,
              capacity: z.int().min(0).max(10_000),
            })
            .refine(({ begin, end }) => begin < end, inOrder),
        )
        .max(50),
      minutes: z
        .strictObject({
          hold: minutes(7 * 1440),
          orderDeadline: minutes(60 * 1440),
          qr: minutes(1440),
          reminder: z.int().min(0).max(1440),
        })
        .refine(
          ({ hold, reminder }) => reminder < hold,
          'the reminder must come before the goods are let go',
        ),
      linkDays: z.int().min(1).max(90),
      limits: z.strictObject({
        agentDiscountPercent: percent,
        managerDiscountPercent: percent,
        agentFreeLine: minorUnits,
        refundAlone: minorUnits,
      }),
      retentionDays: z.int().min(1).max(36_500),
    })
    .partial().shape,
})

/** What the shop decides, with the version to send back with a change. */
export async function shopView(): Promise<ShopSettingsView> {
  const { _id, seeded, updatedAt, ...view } = await shopSettings()
  return view
}

/**
 * Changes settings that are still at this version; 409 with the settings as they are now otherwise. Another currency
 * that comes without limits of its own has none: nobody decides anything alone until they are written anew.
 */
export async function changeShop(
  by: StaffCaller,
  { version, ...given }: z.output<typeof ShopChange>,
): Promise<ShopSettingsView> {
  forgetShopSettings()
  const before = await shopSettings()
  const change = Object.fromEntries(
    Object.entries(given).filter(([field, value]) => value !== undefined && differs(before, field, value)),
  )
  if (typeof change['logo'] === 'string') {
    throw new AppError('shop.logo', 'Upload a new logo as a picture.', { status: 400 })
  }
  if (change['currency'] && !given.limits) change['limits'] = withoutAmounts(before.limits)
  const after = { ...before, ...change }
  if (!after.languages.includes(after.language)) {
    throw new AppError(
      'shop.language',
      'The language of the shop must be one of those it speaks. Add it first.',
    )
  }
  if (version !== before.version || !(await writeShopSettings(change, version))) throw await stale()
  await audit({
    by: by.staffId,
    byName: by.name,
    action: 'shop.changed',
    subject: 'shop',
    details: Object.fromEntries(
      Object.entries(change).map(([field, to]) => [field, { from: before[field as keyof ShopSettings], to }]),
    ),
  })
  return shopView()
}

/** Gives the shop an uploaded logo. */
export async function changeLogo(by: StaffCaller, upload: Buffer): Promise<ShopSettingsView> {
  const logo = await storePicture(upload)
  const { version } = await shopSettings()
  await writeShopSettings({ logo })
  await audit({
    by: by.staffId,
    byName: by.name,
    action: 'shop.logo_changed',
    subject: 'shop',
    details: { logo, version },
  })
  return shopView()
}

/** Amounts of the old money say nothing in the new: the same number may be a hundred times as much. */
const withoutAmounts = (limits: ShopSettings['limits']): ShopSettings['limits'] => ({
  ...limits,
  agentFreeLine: 0,
  refundAlone: 0,
})

async function stale(): Promise<AppError> {
  return new AppError(
    'shop.stale',
    'Somebody else changed the settings in the meantime. Look at them as they are now, then change them again.',
    { status: 409, details: { shop: await shopView() }, reload: true },
  )
}

const differs = (before: ShopSettings, field: string, value: unknown): boolean =>
  JSON.stringify(before[field as keyof ShopSettings]) !== JSON.stringify(value)

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}
