import { computed, onMounted, reactive, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { CallError } from '../api/http.ts'
import * as api from '../api/products.ts'
import { afterTyping, usePages } from '../parts/pages.ts'
import { attempt, explain, useNotices } from '../stores/notices.ts'
import { useSession } from '../stores/session.ts'
import { t } from '../words.ts'

export function useProducts() {
  const q = ref('')
  const category = ref('')
  const hidden = ref<'' | 'true' | 'false'>('')
  const categories = ref<api.CategoryView[]>([])
  const pages = usePages(async (cursor) => {
    const page = await api.listProducts({
      q: q.value.trim(),
      category: category.value,
      ...(hidden.value && { hidden: hidden.value === 'true' }),
      cursor,
    })
    return { rows: page.products, cursor: page.cursor }
  })
  watch([category, hidden], pages.load)
  watch(
    q,
    afterTyping(() => void pages.load()),
  )
  onMounted(async () => {
    categories.value = (await attempt(api.listCategories)) ?? []
  })
  return { q, category, hidden, categories, ...pages }
}

/** Minor units by currency; null while there is no price in it. */
export type Prices = Record<string, number | null>

export interface VariantForm {
  sku: string
  name: string
  /** In place of the product's. */
  prices: Prices
}

/** One product on its page: what is filled in, what is saved, its photos and its stock. */
export function useProduct() {
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const id = computed(() => String(route.params['productId']))
  const isNew = computed(() => id.value === 'new')
  const product = ref<api.ProductView | null>(null)
  const stores = ref<api.StoreView[]>([])
  const categories = ref<api.CategoryView[]>([])
  const busy = ref(false)
  const missing = ref(false)
  const stale = ref(false)
  const form = reactive({
    name: '',
    description: '',
    categoryId: '',
    prices: {} as Prices,
    hidden: false,
    /** Chosen for a new product; it stays what it is. */
    kind: 'GOODS' as api.ProductView['kind'],
    variants: [] as VariantForm[],
  })

  /** In which the product has a price, or is about to: the shop's own first. */
  const priced = ref<string[]>([session.currency])
  const unpriced = computed(() => currencies.filter((one) => !priced.value.includes(one)))
  const hasPrice = computed(() => Object.values(form.prices).some((price) => price !== null))

  watch(
    id,
    async () => {
      // Just made: it is here already, and perhaps somebody writes in it.
      if (product.value?.id === id.value) return
      product.value = null
      await load()
    },
    { immediate: true },
  )

  async function load(): Promise<void> {
    const [found, places, groups] = await Promise.all([
      isNew.value ? null : attempt(() => api.findProduct(id.value)),
      attempt(api.listStores),
      attempt(api.listCategories),
    ])
    stores.value = places ?? []
    categories.value = groups ?? []
    missing.value = !isNew.value && !found
    if (found) show(found)
  }

  function show(found: api.ProductView): void {
    product.value = found
    const known = [found, ...found.variants].flatMap(({ prices }) => Object.keys(prices))
    priced.value = [...new Set([session.currency, ...known])]
    Object.assign(form, {
      name: found.name,
      description: found.description,
      categoryId: found.categoryId ?? '',
      prices: { ...found.prices },
      hidden: found.hidden,
      variants: found.variants.map((variant) => ({
        sku: variant.sku,
        name: variant.name,
        prices: { ...variant.prices },
      })),
    })
  }

  function input(): api.ProductInput {
    return {
      name: form.name.trim(),
      description: form.description.trim(),
      categoryId: form.categoryId || null,
      hidden: form.hidden,
      prices: given(form.prices),
      variants: form.variants.map(
        ({ sku, name, prices }) =>
          ({
            ...(sku.trim() && { sku: sku.trim() }),
            name: name.trim(),
            prices: given(prices),
          }) as api.ProductView['variants'][number],
      ),
    }
  }

  async function save(): Promise<void> {
    if (busy.value || !form.name.trim() || !hasPrice.value) return
    busy.value = true
    stale.value = false
    try {
      const before = product.value
      const saved = before
        ? await api.changeProduct(before.id, before.version, input())
        : await api.addProduct({ ...withoutEmptyVariants(input()), kind: form.kind })
      show(saved)
      useNotices().say(t('saved'))
      if (!before) await router.replace(`/products/${saved.id}`)
    } catch (error) {
      if (error instanceof CallError && error.status === 409 && product.value) {
        stale.value = true
        await load()
      } else useNotices().say(explain(error), 'bad')
    } finally {
      busy.value = false
    }
  }

  async function addPhoto(file: File | undefined): Promise<void> {
    const current = product.value
    if (!current || !file) return
    const changed = await attempt(() => api.addPhoto(current.id, file))
    if (changed) keepForm(changed)
  }

  async function removePhoto(index: number): Promise<void> {
    const current = product.value
    if (!current) return
    const changed = await attempt(() => api.removePhoto(current.id, index))
    if (changed) keepForm(changed)
  }

  async function setStock(change: Parameters<typeof api.changeStock>[1]): Promise<boolean> {
    const current = product.value
    if (!current) return false
    const changed = await attempt(() => api.changeStock(current.id, change))
    if (changed) keepForm(changed)
    return changed !== undefined
  }

  /** Photos and stock are saved at once: what is filled in elsewhere on the page stays. */
  function keepForm(changed: api.ProductView): void {
    product.value = changed
  }

  return {
    form,
    priced,
    unpriced,
    hasPrice,
    product,
    stores,
    categories,
    isNew,
    busy,
    missing,
    stale,
    save,
    addPhoto,
    removePhoto,
    setStock,
  }
}

const currencies = ['THB', 'JPY', 'IDR', 'RUB', 'TMT', 'USD']

const given = (prices: Prices): Record<string, number> =>
  Object.fromEntries(
    Object.entries(prices).flatMap(([currency, price]) => (price === null ? [] : [[currency, price]])),
  )

function withoutEmptyVariants(product: api.ProductInput): api.ProductInput {
  if (product.variants.length) return product
  const { variants: _, ...rest } = product
  return rest as api.ProductInput
}
