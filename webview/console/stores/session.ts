import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { mayActAs } from '../../../server/auth/contract.ts'
import * as api from '../api/auth.ts'
import { CallError } from '../api/http.ts'
import { findShop, type ShopSettingsView } from '../api/shop.ts'
import { zone } from '../format.ts'

/** Who works here, and for which shop. */
export const useSession = defineStore('session', () => {
  const me = ref<api.StaffView | null>(null)
  const shop = ref<ShopSettingsView | null>(null)
  const currency = computed(() => shop.value?.currency ?? 'THB')
  const may = (role: api.StaffRole): boolean => me.value !== null && mayActAs(me.value.role, role)

  /** Finds out who is logged in; nobody is no error. */
  async function restore(): Promise<void> {
    try {
      me.value = await api.whoAmI()
      shop.value = await findShop()
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      if (error.status === 401) me.value = null
    }
  }

  async function logIn(username: string, password: string): Promise<void> {
    await api.logIn(username, password)
    await restore()
  }

  async function logOut(): Promise<void> {
    await api.logOut()
    me.value = null
  }

  watch(shop, (settings) => {
    if (!settings) return
    zone.value = settings.zone
    document.documentElement.style.setProperty('--brand', settings.colour)
  })

  return { me, shop, currency, may, restore, logIn, logOut }
})
