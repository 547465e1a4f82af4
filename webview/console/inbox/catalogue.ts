import { computed, onMounted, ref, watch } from 'vue'
import { copyText } from '../../kit/copy.ts'
import { type CatalogueChoice, catalogueLink, sendCatalogue } from '../api/catalogue.ts'
import { type CategoryView, listCategories, listProducts, type ProductView } from '../api/products.ts'
import { useForm } from '../parts/form.ts'
import { afterTyping } from '../parts/pages.ts'
import { useCurrencies } from '../stores/currencies.ts'
import { attempt, useNotices } from '../stores/notices.ts'
import { useSession } from '../stores/session.ts'
import { t } from '../words.ts'

const mostPicked = 60

/** Choosing what of the catalogue a customer is sent: everything, a category, or picked products. */
export function useCatalogueChoice(conversationId: string) {
  const session = useSession()
  const what = ref<'all' | 'category' | 'picked'>('all')
  const categoryId = ref('')
  const q = ref('')
  const currency = ref(session.currency)
  const categories = ref<CategoryView[]>([])
  const found = ref<ProductView[]>([])
  const picked = ref<ProductView[]>([])
  const form = useForm()
  let turn = 0

  const onSale = useCurrencies()
  const currencies = computed(() => onSale.list)
  const ready = computed(
    () =>
      what.value === 'all' || (what.value === 'category' ? categoryId.value !== '' : picked.value.length > 0),
  )

  async function search(): Promise<void> {
    const mine = ++turn
    const page = await attempt(() => listProducts({ q: q.value.trim(), hidden: false }))
    if (mine === turn) found.value = page?.products ?? []
  }

  onMounted(async () => {
    void search()
    void onSale.load()
    categories.value = (await attempt(listCategories)) ?? []
  })
  watch(
    q,
    afterTyping(() => void search()),
  )

  const isPicked = (product: ProductView) => picked.value.some(({ id }) => id === product.id)

  function pick(product: ProductView): void {
    if (isPicked(product)) picked.value = picked.value.filter(({ id }) => id !== product.id)
    else if (picked.value.length < mostPicked) picked.value = [...picked.value, product]
  }

  function choice(): CatalogueChoice {
    return {
      ...(what.value === 'category' && { categoryId: categoryId.value }),
      ...(what.value === 'picked' && { productIds: picked.value.map(({ id }) => id) }),
      ...(currency.value !== session.currency && { currency: currency.value }),
    }
  }

  const send = () =>
    form.send(async () => {
      await sendCatalogue(conversationId, choice())
      useNotices().say(t('catalog.sent'))
    })

  const copy = () =>
    form.send(async () => {
      const { url } = await catalogueLink(conversationId, choice())
      const copied = await copyText(url)
      useNotices().say(copied ? t('card.copied') : url, copied ? 'good' : 'plain')
    })

  return {
    what,
    categoryId,
    q,
    currency,
    currencies,
    categories,
    found,
    picked,
    ready,
    busy: form.busy,
    refusal: form.refusal,
    isPicked,
    pick,
    send,
    copy,
  }
}
