import { z } from 'zod'
import { Categories, Products, Stocks, Stores } from '../../models/store.ts'
import { AppError, notFound, type Route, route, type StaffCaller } from '../http/index.ts'
import { audit, nextNumber } from '../shop/index.ts'
import { forgetStores } from './stores.ts'
import { categoryView, storeView } from './views.ts'

const id = z.string().regex(/^[0-9a-f]{24}$/)
const name = z.string().trim().min(1).max(100)
const StoreBody = z.strictObject({ name, address: z.string().trim().max(300).default('') })
const CategoryBody = z.strictObject({ name, position: z.int().min(0).max(10_000).default(0) })
const record = (by: StaffCaller, action: string, subject: string, details: unknown) =>
  audit({ by: by.staffId, byName: by.name, action, subject, details })

/** Stores and categories: few of each, so their lists have no pages. */
export const placeRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/stores',
    access: 'agent',
    summary: 'Stores and warehouses',
    async handler() {
      return (await Stores.find().sort({ number: 1 }).limit(500).lean()).map(storeView)
    },
  }),
  route({
    method: 'POST',
    path: '/api/stores',
    access: 'manager',
    summary: 'Add a store',
    body: StoreBody,
    async handler({ body, caller }) {
      const store = await Stores.create({ ...body, number: await nextNumber('store') })
      forgetStores()
      await record(caller, 'store.added', String(store._id), body)
      return storeView(store.toObject())
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/stores/:storeId',
    access: 'manager',
    summary: 'Change a store, or close it: what lies in a closed store is not sold',
    params: z.strictObject({ storeId: id }),
    body: z.strictObject({
      name: name.optional(),
      address: z.string().trim().max(300).optional(),
      active: z.boolean().optional(),
    }),
    async handler({ params, body, caller }) {
      const store = await Stores.findByIdAndUpdate(
        params.storeId,
        { $set: body },
        { returnDocument: 'after' },
      ).lean()
      if (!store) throw notFound('The store')
      forgetStores()
      await record(caller, 'store.changed', params.storeId, body)
      return storeView(store)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/stores/:storeId',
    access: 'manager',
    summary: 'Remove a store that never held anything',
    params: z.strictObject({ storeId: id }),
    async handler({ params, caller }) {
      if (await Stocks.exists({ store: params.storeId })) {
        throw new AppError('store.in_use', 'Goods have been in this store. Close it instead.', {
          status: 409,
        })
      }
      if (!(await Stores.findByIdAndDelete(params.storeId))) throw notFound('The store')
      await record(caller, 'store.removed', params.storeId, null)
      return {}
    },
  }),
  route({
    method: 'GET',
    path: '/api/categories',
    access: 'agent',
    summary: 'Categories of products',
    async handler() {
      return (await Categories.find().sort({ position: 1, name: 1 }).limit(500).lean()).map(categoryView)
    },
  }),
  route({
    method: 'POST',
    path: '/api/categories',
    access: 'manager',
    summary: 'Add a category',
    body: CategoryBody,
    async handler({ body, caller }) {
      const category = await Categories.create(body)
      await record(caller, 'category.added', String(category._id), body)
      return categoryView(category.toObject())
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/categories/:categoryId',
    access: 'manager',
    summary: 'Change a category',
    params: z.strictObject({ categoryId: id }),
    body: z.strictObject({ name: name.optional(), position: z.int().min(0).max(10_000).optional() }),
    async handler({ params, body, caller }) {
      const category = await Categories.findByIdAndUpdate(
        params.categoryId,
        { $set: body },
        { returnDocument: 'after' },
      ).lean()
      if (!category) throw notFound('The category')
      await record(caller, 'category.changed', params.categoryId, body)
      return categoryView(category)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/categories/:categoryId',
    access: 'manager',
    summary: 'Remove a category; its products stay, without one',
    params: z.strictObject({ categoryId: id }),
    async handler({ params, caller }) {
      const category = await Categories.findByIdAndDelete(params.categoryId).lean()
      if (!category) throw notFound('The category')
      await Products.updateMany(
        { category: category._id },
        { $set: { category: null }, $inc: { version: 1 } },
      )
      await record(caller, 'category.removed', params.categoryId, { name: category.name })
      return {}
    },
  }),
]
