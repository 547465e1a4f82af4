import { defineStore } from 'pinia'
import { ref } from 'vue'
import { useLive } from './live.ts'

/** How much waits for a person: the server says so when the socket opens, and whenever it changes. */
export const useTaskCount = defineStore('taskCount', () => {
  const open = ref(0)
  useLive().on('task', (tasks) => {
    open.value = tasks.open
  })
  return { open }
})
