import { defineStore } from 'pinia'
import { ref } from 'vue'
import * as api from '../api/conversations.ts'
import { attempt } from './notices.ts'

/** The answers that staff keep at hand. */
export const useCanned = defineStore('canned', () => {
  const list = ref<api.CannedReply[]>([])
  let asked = false

  async function load(): Promise<void> {
    if (asked) return
    asked = true
    const found = await attempt(api.listCanned)
    if (found) list.value = found.cannedReplies
  }

  const add = (reply: Omit<api.CannedReply, 'id'>) =>
    attempt(async () => {
      list.value = [...list.value, await api.addCanned(reply)]
      return true
    })

  const remove = (id: string) =>
    attempt(async () => {
      await api.removeCanned(id)
      list.value = list.value.filter((reply) => reply.id !== id)
    })

  return { list, load, add, remove }
})
