import { onMounted, ref } from 'vue'
import * as api from '../api/products.ts'
import { attempt } from '../stores/notices.ts'

/** Where goods lie, and how they are sorted. */
export function usePlaces() {
  const stores = ref<api.StoreView[]>([])
  const categories = ref<api.CategoryView[]>([])

  async function load(): Promise<void> {
    const found = await attempt(() => Promise.all([api.listStores(), api.listCategories()]))
    if (!found) return
    stores.value = found[0]
    categories.value = found[1]
  }
  onMounted(load)

  async function addStore(name: string): Promise<void> {
    await attempt(() => api.addStore({ name, address: '' }))
    await load()
  }

  async function setActive(store: api.StoreView): Promise<void> {
    await attempt(() => api.changeStore(store.id, { active: !store.active }))
    await load()
  }

  async function addCategory(name: string): Promise<void> {
    await attempt(() => api.addCategory({ name, position: categories.value.length }))
    await load()
  }

  async function removeCategory(id: string): Promise<void> {
    await attempt(() => api.removeCategory(id))
    await load()
  }

  return { stores, categories, addStore, setActive, addCategory, removeCategory }
}
