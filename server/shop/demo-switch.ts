import type { Types } from 'mongoose'
import { CannedReplies } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { Couriers, DeliverySlots, PickupPoints } from '../../models/delivery.ts'
import { Orders } from '../../models/order.ts'
import { Categories, Products, Stores } from '../../models/store.ts'
import { now } from '../database/index.ts'
import { AppError, type StaffCaller } from '../http/index.ts'
import { settings } from '../settings.ts'
import { audit } from './audit.ts'
import type { ShopSettingsView } from './contract.ts'
import { type SampleCountry, sampleCountries, samples } from './demo/index.ts'
import { plantSample, sampleIds } from './demo.ts'
import { shopView } from './edit.ts'
import { shopSettings, writeShopSettings } from './settings.ts'

/**
 * Moves the sample shop to another country: language, currency, time zone, forms of addresses and phones, and goods.
 * Orders and chats stay; what was sold in the other country is kept for them, out of sight. Only in the sandbox: a
 * real shop has no sample.
 */
export async function switchSample(by: StaffCaller, country: SampleCountry): Promise<ShopSettingsView> {
  const shop = await shopSettings()
  if (!settings().sandbox || !shop.seeded) {
    throw new AppError('sample.real', 'Only the sample shop in the sandbox moves to another country.', {
      status: 409,
    })
  }
  for (const other of sampleCountries) if (other !== country) await putAway(other)
  await plantSample(country)
  await takeOut(country)
  await closeCarts()
  const sample = samples[country].settings
  await Customers.updateMany(
    { language: { $nin: sample.languages } },
    { $set: { language: sample.language } },
  )
  // Slots of the next days are made anew by the new clock; those that are taken stay.
  await DeliverySlots.deleteMany({ taken: 0 })
  await writeShopSettings(sample)
  const details = { from: shop.country, to: country }
  await audit({ by: by.staffId, byName: by.name, action: 'shop.sample', subject: 'shop', details })
  return shopView()
}

const among = (ids: Types.ObjectId[]) => ({ _id: { $in: ids } })

async function putAway(country: SampleCountry): Promise<void> {
  const { categories, stores, couriers, points, replies, products } = sampleIds(country)
  await Promise.all([
    Products.updateMany(
      { ...among(products), hidden: false },
      { $set: { hidden: true }, $inc: { version: 1 } },
    ),
    Stores.updateMany(among(stores), { $set: { active: false } }),
    Couriers.updateMany(among(couriers), { $set: { active: false } }),
    PickupPoints.updateMany(among(points), { $set: { active: false } }),
    Categories.deleteMany(among(categories)),
    CannedReplies.deleteMany(among(replies)),
  ])
}

async function takeOut(country: SampleCountry): Promise<void> {
  const { stores, couriers, points, onSale } = sampleIds(country)
  await Promise.all([
    Products.updateMany(
      { ...among(onSale), hidden: true },
      { $set: { hidden: false }, $inc: { version: 1 } },
    ),
    Stores.updateMany(among(stores), { $set: { active: true } }),
    Couriers.updateMany(among(couriers), { $set: { active: true } }),
    PickupPoints.updateMany(among(points), { $set: { active: true } }),
  ])
}

/** Carts in the money of the other country could never be checked out. */
async function closeCarts(): Promise<void> {
  const version = { $add: ['$version', 1] }
  const step = { from: 'DRAFT', to: 'CANCELED', version, at: now(), by: 'shop' }
  await Orders.collection.updateMany({ state: 'DRAFT', openedAt: { $type: 10 } } as never, [
    { $set: { history: { $concatArrays: ['$history', [step]] }, state: 'CANCELED', version } },
  ])
}
