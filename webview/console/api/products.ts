import type { CategoryView, ProductView, StoreView } from '../../../server/store/contract.ts'
import { get, patch, post, put, remove, upload } from './http.ts'

export type { CategoryView, ProductView, StoreView }
export type ProductInput = Pick<
  ProductView,
  'name' | 'description' | 'categoryId' | 'prices' | 'variants' | 'hidden'
>

const at = (id: string) => `/api/products/${id}`

export const listProducts = (filter: {
  q?: string
  category?: string
  hidden?: boolean
  cursor?: string | null
}) => get<{ products: ProductView[]; cursor: string | null }>('/api/products', filter)
export const findProduct = (id: string) => get<ProductView>(at(id))
export const addProduct = (product: ProductInput & Pick<ProductView, 'kind'>) =>
  post<ProductView>('/api/products', product)
export const changeProduct = (id: string, version: number, change: Partial<ProductInput>) =>
  patch<ProductView>(at(id), { version, ...change })
export const addPhoto = (id: string, file: Blob) => upload<ProductView>(`${at(id)}/images`, file)
export const removePhoto = (id: string, index: number) => remove<ProductView>(`${at(id)}/images/${index}`)
export const changeStock = (
  id: string,
  change: {
    sku: string
    storeId: string
    reason: string
    change?: number
    counted?: number
    expected?: number
  },
) => put<ProductView>(`${at(id)}/stock`, change)

/** Those that an order can be opened in, the shop's own first. */
export const listCurrencies = () => get<{ currencies: string[] }>('/api/currencies')
export const listStores = () => get<StoreView[]>('/api/stores')
export const addStore = (store: { name: string; address: string }) => post<StoreView>('/api/stores', store)
export const changeStore = (id: string, change: Partial<Omit<StoreView, 'id' | 'number'>>) =>
  patch<StoreView>(`/api/stores/${id}`, change)
export const listCategories = () => get<CategoryView[]>('/api/categories')
export const addCategory = (category: { name: string; position: number }) =>
  post<CategoryView>('/api/categories', category)
export const removeCategory = (id: string) => remove(`/api/categories/${id}`)
