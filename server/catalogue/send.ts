import mongoose from 'mongoose'
import type { Currency } from '../../models/money.ts'
import type { CatalogueSelection } from '../../models/order.ts'
import { Categories, Products } from '../../models/store.ts'
import { publish } from '../broker/index.ts'
import { transaction } from '../database/index.ts'
import { AppError, notFound, type StaffCaller } from '../http/index.ts'
import { findCart, findWho, makeCatalogueLink } from '../order/index.ts'
import { settings } from '../settings.ts'
import { audit, shopSettings } from '../shop/index.ts'
import { orderableNow } from '../store/index.ts'

/** What of the catalogue is sent: everything, a category, or picked products. */
export interface Choice {
  categoryId?: string | undefined
  productIds?: string[] | undefined
  currency?: Currency | undefined
}

/** Staff send the catalogue into a conversation, as a card to browse. */
export async function sendCatalogue(
  conversationId: string,
  choice: Choice,
  staff: StaffCaller,
): Promise<{ products: number }> {
  const { conversation, customer, selection, products } = await select(conversationId, choice)
  if (!products) {
    throw new AppError('catalogue.empty', 'Nothing of this can be ordered now. Choose something else.', {
      status: 409,
    })
  }
  const { staffId: by, name: byName } = staff
  await transaction(async (session) => {
    const linkToken = await makeCatalogueLink(customer, selection, session)
    await publish(session, 'catalogue.card', conversationId, {
      conversationId,
      linkToken,
      category: selection.category && String(selection.category),
      products: selection.products.map(String),
      currency: selection.currency,
      by,
    })
    await audit(
      { by, byName, action: 'catalogue.send', subject: String(conversation), details: choice },
      session,
    )
  })
  return { products }
}

/** A fresh link to the catalogue for staff to copy. */
export async function copyCatalogueLink(
  conversationId: string,
  choice: Choice,
  staff: StaffCaller,
): Promise<{ url: string }> {
  const { conversation, customer, selection } = await select(conversationId, choice)
  const { staffId: by, name: byName } = staff
  const token = await transaction(async (session) => {
    await audit(
      { by, byName, action: 'catalogue.link', subject: String(conversation), details: choice },
      session,
    )
    return makeCatalogueLink(customer, selection, session)
  })
  return { url: `${settings().publicUrl}/w/${token}` }
}

async function select(conversationId: string, { categoryId, productIds = [], currency }: Choice) {
  const { conversation, customer } = await findWho(conversationId)
  const wanted = currency ?? (await shopSettings()).currency
  const cart = await findCart(conversation._id, customer._id, wanted)
  const selection: CatalogueSelection = {
    conversation: conversation._id,
    currency: cart?.currency ?? wanted,
    category: categoryId ? new mongoose.Types.ObjectId(categoryId) : null,
    products: productIds.map((id) => new mongoose.Types.ObjectId(id)),
  }
  if (selection.category && !(await Categories.exists({ _id: selection.category }))) {
    throw notFound('The category')
  }
  const products = await Products.countDocuments({
    ...(await orderableNow(selection.currency)),
    ...(selection.category && { category: selection.category }),
    ...(selection.products.length && { _id: { $in: selection.products } }),
  })
  return { conversation: conversation._id, customer: customer._id, selection, products }
}
