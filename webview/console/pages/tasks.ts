import { onBeforeUnmount, ref, watch } from 'vue'
import { finishTask, listTasks, type TaskView } from '../api/shop.ts'
import { usePages } from '../parts/pages.ts'
import { useLive } from '../stores/live.ts'
import { attempt } from '../stores/notices.ts'

/** Everything that needs a person. */
export function useTasks() {
  const state = ref<'open' | 'done'>('open')
  const pages = usePages<TaskView>(async (cursor) => {
    const page = await listTasks(state.value, cursor)
    return { rows: page.tasks, cursor: page.cursor }
  })
  watch(state, pages.load)
  onBeforeUnmount(useLive().on('task', () => void pages.load()))

  async function finish(id: string): Promise<void> {
    await attempt(() => finishTask(id))
    await pages.load()
  }

  return { state, finish, ...pages }
}
