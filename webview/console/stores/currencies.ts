import { defineStore } from 'pinia'
import { ref } from 'vue'
import { listCurrencies } from '../api/products.ts'
import { attempt } from './notices.ts'

/** The currencies that an order can be opened in, the shop's own first. */
export const useCurrencies = defineStore('currencies', () => {
  const list = ref<string[]>([])

  async function load(): Promise<void> {
    list.value = (await attempt(listCurrencies))?.currencies ?? list.value
  }

  return { list, load }
})
