import type { ProductKind } from '../../models/states.ts'

export interface ProductView {
  id: string
  number: number
  kind: ProductKind
  name: string
  description: string
  categoryId: string | null
  /** Minor units by currency. */
  prices: Record<string, number>
  variants: { sku: string; name: string; prices: Record<string, number> }[]
  images: string[]
  hidden: boolean
  version: number
  /** By variant and store. */
  stock: { sku: string; storeId: string; storeName: string; available: number; reserved: number }[]
}

export interface StoreView {
  id: string
  number: number
  name: string
  address: string
  active: boolean
}

export interface CategoryView {
  id: string
  name: string
  position: number
}
