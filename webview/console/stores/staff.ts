import { defineStore } from 'pinia'
import { ref } from 'vue'
import { listStaff, type StaffView } from '../api/auth.ts'
import { named } from '../words.ts'
import { attempt } from './notices.ts'

/** Everybody who works here: names behind ids. */
export const useStaff = defineStore('staff', () => {
  const list = ref<StaffView[]>([])
  let asked: Promise<void> | null = null

  /** Fetches the list once; `again` when somebody has changed it. */
  function load(again = false): Promise<void> {
    if (again || !asked) {
      asked = (async () => {
        const found = await attempt(listStaff)
        if (found) list.value = found
      })()
    }
    return asked
  }

  const nameOf = (id: string): string => list.value.find((one) => one.id === id)?.name ?? ''
  /** Whoever did something: a person, or what works by itself. */
  const who = (by: string): string => nameOf(by) || named('by', by)

  return { list, load, nameOf, who }
})
