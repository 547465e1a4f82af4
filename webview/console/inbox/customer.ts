import { ref } from 'vue'
import * as api from '../api/conversations.ts'
import { attempt } from '../stores/notices.ts'

/** A customer in the side panel, with what staff note about them. */
export function useCustomer() {
  const customer = ref<api.CustomerView | null>(null)

  async function load(id: string): Promise<void> {
    const found = await attempt(() => api.findCustomer(id))
    if (found) customer.value = found
  }

  async function save(change: { notes?: string; labels?: string[] }): Promise<void> {
    const id = customer.value?.id
    if (!id) return
    const changed = await attempt(() => api.changeCustomer(id, change))
    if (changed) customer.value = changed
  }

  return { customer, load, save }
}
