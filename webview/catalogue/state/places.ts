import type { Place } from '../../../server/catalogue/contract.ts'

/** The address of a place: real ones, so that Back, reload and a page without script all work. */
export function addressOf(base: string, place: Place): string {
  if (place.view === 'cart') return `${base}/cart`
  if (place.view === 'product') return `${base}/p/${place.id}`
  const query = new URLSearchParams()
  query.set('c', place.category)
  if (place.q) query.set('q', place.q)
  return `${base}?${query}`
}

/** The place of an address; `first` is the tab of an address that names none. */
export function placeOf(base: string, address: Location, first: string): Place {
  const rest = address.pathname.slice(base.length)
  const product = /^\/p\/([0-9a-f]{24})$/.exec(rest)?.[1]
  if (product) return { view: 'product', id: product }
  if (rest === '/cart') return { view: 'cart' }
  const query = new URLSearchParams(address.search)
  return { view: 'list', category: query.get('c') ?? first, q: query.get('q') ?? '' }
}
