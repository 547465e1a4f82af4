import mongoose, { type ClientSession } from 'mongoose'
import type { Currency } from '../../models/money.ts'
import { searchTermsOf } from '../../models/search.ts'
import type { ProductKind } from '../../models/states.ts'
import {
  Categories,
  type Product,
  Products,
  productSearchText,
  Stocks,
  type Variant,
} from '../../models/store.ts'
import { isDuplicate, transaction } from '../database/index.ts'
import { AppError, notFound, type StaffCaller } from '../http/index.ts'
import { audit, nextNumber, storePicture } from '../shop/index.ts'
import type { ProductView } from './contract.ts'
import { getProduct } from './find.ts'

type Prices = Partial<Record<Currency, number>>

export interface ProductInput {
  kind?: ProductKind | undefined
  name: string
  description?: string | undefined
  categoryId?: string | null | undefined
  prices: Prices
  /** At least one; an SKU that is left empty is made of the product's number. */
  variants?:
    | { sku?: string | undefined; name?: string | undefined; prices?: Prices | undefined }[]
    | undefined
  hidden?: boolean | undefined
}

const mostPictures = 10

/** Adds a product to the shop. */
export async function createProduct(by: StaffCaller, input: ProductInput): Promise<ProductView> {
  const number = await nextNumber('product')
  const variants = variantsOf(input.variants ?? [{}], number)
  const product = {
    _id: new mongoose.Types.ObjectId(),
    number,
    kind: input.kind ?? 'GOODS',
    name: input.name,
    description: input.description ?? '',
    category: await categoryOf(input.categoryId),
    prices: input.prices,
    variants,
    hidden: input.hidden ?? false,
    ...searchFields({ name: input.name, variants }),
  }
  await transaction(async (session) => {
    await Products.create([product], { session })
    await record(by, 'product.added', product, { prices: input.prices }, session)
  }).catch(explainDuplicate)
  return getProduct(String(product._id))
}

/** Changes a product that is still at this version; 409 with the product as it is now otherwise. */
export async function changeProduct(
  by: StaffCaller,
  id: string,
  version: number,
  change: { [Field in keyof ProductInput]?: ProductInput[Field] | undefined },
): Promise<ProductView> {
  const category = change.categoryId === undefined ? undefined : await categoryOf(change.categoryId)
  const outcome = await transaction(async (session) => {
    const before = await Products.findById(id, null, { session }).lean()
    if (!before) throw notFound('The product')
    if (before.version !== version) return 'stale'
    const variants = change.variants ? variantsOf(change.variants, before.number) : before.variants
    await refuseLosingStock(session, before, variants)
    const after = {
      name: change.name ?? before.name,
      description: change.description ?? before.description,
      category: category === undefined ? before.category : category,
      prices: change.prices ?? before.prices,
      variants,
      hidden: change.hidden ?? before.hidden,
    }
    const written = await Products.updateOne(
      { _id: before._id, version },
      {
        $set: { ...after, ...searchFields(after) },
        $inc: { version: 1, priceVersion: sameTerms(before, after) ? 0 : 1 },
      },
      { session },
    )
    if (!written.matchedCount) return 'stale'
    await record(by, 'product.changed', before, changesOf(before, after), session)
    return 'done'
  }).catch(explainDuplicate)
  const product = await getProduct(id)
  if (outcome === 'done') return product
  throw new AppError(
    'product.stale',
    'Somebody else changed this product in the meantime. Look at it as it is now, then change it again.',
    { status: 409, details: { product }, reload: true },
  )
}

/** Adds an uploaded photograph to a product, behind those it has. */
export async function addPicture(by: StaffCaller, id: string, upload: Buffer): Promise<ProductView> {
  if (!(await Products.exists({ _id: id }))) throw notFound('The product')
  const address = await storePicture(upload)
  const product = await Products.findOneAndUpdate(
    { _id: id, [`images.${mostPictures - 1}`]: { $exists: false } },
    { $push: { images: address }, $inc: { version: 1 } },
  ).lean()
  if (!product) {
    throw new AppError(
      'product.pictures',
      `A product has at most ${mostPictures} photos. Remove one first.`,
      {
        status: 409,
      },
    )
  }
  await record(by, 'product.picture_added', product, { address })
  return getProduct(id)
}

/** Takes the photograph at this place away from a product. Cards that were sent keep showing it. */
export async function removePicture(by: StaffCaller, id: string, index: number): Promise<ProductView> {
  const before = await Products.findById(id).lean()
  const address = before?.images[index]
  if (!before || !address) throw notFound('The photo')
  await Products.updateOne({ _id: id, images: address }, { $pull: { images: address }, $inc: { version: 1 } })
  await record(by, 'product.picture_removed', before, { address })
  return getProduct(id)
}

function variantsOf(given: NonNullable<ProductInput['variants']>, number: number): Variant[] {
  const variants = given.map(({ sku, name = '', prices }, index) => ({
    sku: sku || (given.length === 1 ? `P${number}` : `P${number}-${index + 1}`),
    name,
    ...(prices && Object.keys(prices).length > 0 && { prices }),
  }))
  if (new Set(variants.map(({ sku }) => sku)).size < variants.length) throw skuTaken()
  return variants
}

/** Goods that nobody could find any more would still be counted. */
async function refuseLosingStock(
  session: ClientSession,
  before: Product,
  variants: Variant[],
): Promise<void> {
  const kept = new Set(variants.map(({ sku }) => sku))
  const dropped = before.variants.map(({ sku }) => sku).filter((sku) => !kept.has(sku))
  if (!dropped.length) return
  const left = await Stocks.findOne(
    { sku: { $in: dropped }, $or: [{ available: { $gt: 0 } }, { reserved: { $gt: 0 } }] },
    null,
    { session },
  ).lean()
  if (!left) return
  throw new AppError(
    'product.variant_in_stock',
    `${left.sku} still has stock. Set it to 0 and wait for its orders to be sent, or hide the product instead.`,
    { status: 409, details: { sku: left.sku } },
  )
}

async function categoryOf(id: string | null | undefined): Promise<mongoose.Types.ObjectId | null> {
  if (!id) return null
  if (!(await Categories.exists({ _id: id }))) throw notFound('The category')
  return new mongoose.Types.ObjectId(id)
}

function searchFields(of: Pick<Product, 'name' | 'variants'>): Pick<Product, 'searchText' | 'searchTerms'> {
  const searchText = productSearchText(of)
  return { searchText, searchTerms: searchTermsOf(searchText) }
}

type Terms = Pick<Product, 'prices' | 'variants'>
const sameTerms = (a: Terms, b: Terms): boolean => termsOf(a) === termsOf(b)
const termsOf = ({ prices, variants }: Terms): string =>
  JSON.stringify([prices, variants.map(({ sku, prices: own }) => [sku, own ?? null])])

/** What the audit log keeps of a change: before and after of each field that differs. */
function changesOf(before: Product, after: Partial<Product>): Record<string, unknown> {
  const differing = Object.entries(after).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof Product]),
  )
  return Object.fromEntries(
    differing.map(([field, to]) => [field, { from: before[field as keyof Product], to }]),
  )
}

const record = (
  by: StaffCaller,
  action: string,
  product: Pick<Product, '_id' | 'name'>,
  details: Record<string, unknown>,
  session?: ClientSession,
) =>
  audit(
    {
      by: by.staffId,
      byName: by.name,
      action,
      subject: String(product._id),
      details: { name: product.name, ...details },
    },
    session,
  )

function explainDuplicate(error: unknown): never {
  throw isDuplicate(error) ? skuTaken() : error
}

const skuTaken = () =>
  new AppError('product.sku_taken', 'Another product or variant has this SKU already. Choose another one.', {
    status: 409,
  })
