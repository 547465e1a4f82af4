import { ref, watch } from 'vue'
import { ask } from './api.ts'
import type { AddressInput } from './form.ts'

/** A subdistrict, and what it lies in. */
export interface ThaiPlace {
  subdistrict: string
  district: string
  province: string
}

/**
 * Fills the rest of a Thai address from its postcode: at once what has only one answer, the others as suggestions.
 * What the customer has typed stays, and an unknown postcode is no mistake.
 */
export function useThaiPlaces(address: AddressInput) {
  const places = ref<ThaiPlace[]>([])

  watch(
    () => address.postalCode.trim(),
    async (postcode, before) => {
      places.value = []
      if (address.country !== 'TH' || !/^\d{5}$/.test(postcode)) return
      const found = await ask<{ places: ThaiPlace[] }>('GET', `/api/geo/th/${postcode}`).catch(() => null)
      if (!found || address.postalCode.trim() !== postcode) return
      places.value = found.places
      if (before !== undefined) fill(found.places)
    },
    { immediate: true },
  )

  function fill(found: ThaiPlace[]): void {
    for (const name of ['province', 'district', 'subdistrict'] as const) {
      const answers = new Set(found.map((place) => place[name]))
      const [only] = answers
      // Another postcode: what belonged to the last one is cleared, unless it is right here too.
      if (answers.size === 1 && only) address[name] = only
      else if (found.length && !answers.has(address[name])) address[name] = ''
    }
  }

  return {
    places,
    choose: (place: ThaiPlace) => Object.assign(address, place),
  }
}
