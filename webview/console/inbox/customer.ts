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

  /** Another customer is the same person. */
  async function merge(other: string): Promise<void> {
    const id = customer.value?.id
    if (!id) return
    const changed = await attempt(() => api.mergeCustomers(id, other))
    if (changed) customer.value = changed
  }

  /** One of them is somebody else after all. */
  async function unmerge(other: string): Promise<void> {
    const id = customer.value?.id
    if (!id || !(await attempt(() => api.unmergeCustomer(other)))) return
    await load(id)
  }

  return { customer, load, save, merge, unmerge }
}
