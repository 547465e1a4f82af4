import { post } from './http.ts'

/** What of the catalogue is sent: everything, a category, or picked products. */
export interface CatalogueChoice {
  categoryId?: string
  productIds?: string[]
  currency?: string
}

const at = (conversationId: string) => `/api/conversations/${conversationId}/catalog`

export const sendCatalogue = (conversationId: string, choice: CatalogueChoice) =>
  post<{ products: number }>(at(conversationId), choice)
export const catalogueLink = (conversationId: string, choice: CatalogueChoice) =>
  post<{ url: string }>(`${at(conversationId)}/link`, choice)
