import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import * as api from '../api/conversations.ts'
import { isOffline } from '../api/http.ts'
import { useInbox } from './inbox.ts'
import { useLive } from './live.ts'
import { attempt, explain } from './notices.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { contentOf, draftOf, type Shown, sorted } from './shown.ts'

/** More than this many would make scrolling slow: the oldest go, and come back when somebody scrolls up. */
const KEPT = 400
/** What never reached the server is tried again after this long, and whenever the connection is back. */
const RETRY = 6000

/** The conversation in the middle. */
export const useThread = defineStore('thread', () => {
  const id = ref<string | null>(null)
  const conversation = ref<api.ConversationView | null>(null)
  const messages = ref<Shown[]>([])
  const older = ref<string | null>(null)
  const loading = ref(false)
  const missing = ref(false)
  /** The first message that was new when the conversation was opened. */
  const firstNew = ref<string | null>(null)
  const unsaid = computed(() => messages.value.filter(({ local }) => local?.error))
  /** When the socket last spoke of a message, by id, counted in words of the socket. */
  const heard = new Map<string, number>()
  let words = 0
  let opening: Promise<unknown> = Promise.resolve()

  async function open(wanted: string | null): Promise<void> {
    id.value = wanted
    conversation.value = useInbox().rows.find((row) => row.id === wanted) ?? null
    messages.value = []
    older.value = null
    firstNew.value = null
    missing.value = false
    heard.clear()
    useLive().view(wanted)
    if (!wanted) return
    loading.value = true
    opening = attempt(() => fetchAll(wanted))
    await opening
    if (id.value !== wanted) return
    loading.value = false
    missing.value = conversation.value === null
    markRead()
  }

  async function fetchAll(wanted: string): Promise<void> {
    const since = words
    const [found, page] = await Promise.all([api.findConversation(wanted), api.listMessages(wanted)])
    if (id.value !== wanted) return
    conversation.value = found
    useInbox().put(found)
    older.value = page.before
    for (const message of page.messages) putAnswer(message, since)
    firstNew.value = firstUnread(found.unread)
  }

  function firstUnread(count: number): string | null {
    const fromCustomer = messages.value.filter(({ direction }) => direction === 'in')
    return count > 0 ? (fromCustomer.at(-count)?.id ?? fromCustomer[0]?.id ?? null) : null
  }

  async function loadOlder(): Promise<void> {
    const wanted = id.value
    if (!wanted || !older.value || loading.value) return
    loading.value = true
    const page = await attempt(() => api.listMessages(wanted, older.value))
    loading.value = false
    if (!page || id.value !== wanted) return
    older.value = page.before
    messages.value = sorted([...page.messages.filter(({ id }) => !has(id)), ...messages.value])
  }

  const has = (messageId: string) => messages.value.some(({ id }) => id === messageId)

  /** After a gap: the newest page again, and nothing twice. */
  async function catchUp(): Promise<void> {
    await opening
    const wanted = id.value
    if (!wanted) return
    const since = words
    const [found, page] = await Promise.all([api.findConversation(wanted), api.listMessages(wanted)])
    if (id.value !== wanted) return
    conversation.value = found
    const first = page.messages[0]
    // The gap is longer than a page: what was shown before it would stand beside a hole.
    if (first && messages.value.length && !page.messages.some(({ id }) => has(id))) {
      messages.value = messages.value.filter(({ local }) => local)
      older.value = page.before
    }
    for (const message of page.messages) putAnswer(message, since)
    markRead()
  }

  /** An answer tells what was when it was asked for, and the socket what is: what was heard meanwhile stays. */
  function putAnswer(message: api.MessageView, since: number): void {
    if ((heard.get(message.id) ?? 0) <= since) put(message)
  }

  /** Takes in a message: by id, or by the id this browser gave it. */
  function put(message: api.MessageView): void {
    if (message.conversationId !== id.value) return
    const isIt = (other: Shown) =>
      other.id === message.id || (message.clientId !== null && other.clientId === message.clientId)
    messages.value = sorted([...messages.value.filter((other) => !isIt(other)), message])
    if (messages.value.length > KEPT && !loading.value) trim()
  }

  function trim(): void {
    messages.value = messages.value.slice(-KEPT)
    const first = messages.value[0]
    if (first) older.value = `${Date.parse(first.at)}-${first.id}`
  }

  /** Shows the message at once, and sends it; what cannot be sent stays, with its reason. */
  async function say(text: string, note: boolean): Promise<void> {
    if (!id.value) return
    const shown = draftOf(id.value, { text, direction: note ? 'note' : 'out' })
    messages.value = [...messages.value, shown]
    await deliver(shown)
  }

  async function sendImage(file: Blob): Promise<void> {
    if (!id.value) return
    const preview = URL.createObjectURL(file)
    const shown = draftOf(id.value, { kind: 'image', local: { file, preview } })
    messages.value = [...messages.value, shown]
    await deliver(shown)
  }

  async function deliver(shown: Shown): Promise<void> {
    const { conversationId, local } = shown
    const clientId = shown.clientId ?? ''
    const since = words
    try {
      putAnswer(await api.sendMessage(conversationId, { clientId, ...(await contentOf(shown)) }), since)
    } catch (error) {
      messages.value = messages.value.map((other) =>
        other.clientId === clientId && other.local
          ? {
              ...other,
              state: 'failed',
              local: { ...local, error: explain(error), offline: isOffline(error) },
            }
          : other,
      )
      if (isOffline(error)) setTimeout(retryUnsaid, RETRY)
    }
  }

  /** What never reached the server goes again under the same id: said twice, it is stored once. */
  function retryUnsaid(): void {
    for (const shown of unsaid.value) if (shown.local?.offline) void again(shown)
  }

  async function again(shown: Shown): Promise<void> {
    if (!shown.local) {
      const since = words
      await attempt(async () => putAnswer(await api.resendMessage(shown.id), since))
      return
    }
    const { error: _error, offline: _offline, ...local } = shown.local
    const fresh: Shown = { ...shown, state: 'queued', local }
    messages.value = messages.value.map((other) => (other.clientId === shown.clientId ? fresh : other))
    await deliver(fresh)
  }

  async function discard(shown: Shown): Promise<void> {
    if (shown.local) messages.value = messages.value.filter(({ clientId }) => clientId !== shown.clientId)
    else {
      const since = words
      await attempt(async () => putAnswer(await api.discardMessage(shown.id), since))
    }
  }

  async function change(wish: api.ConversationChange): Promise<void> {
    const wanted = id.value
    if (!wanted) return
    await attempt(async () => {
      const found = await api.changeConversation(wanted, wish)
      if (id.value === wanted) conversation.value = found
      useInbox().put(found)
    })
  }

  /** Read is what was on a screen that somebody could see. */
  function markRead(): void {
    const wanted = id.value
    if (!wanted || document.visibilityState !== 'visible') return
    void attempt(async () => {
      await api.markRead(wanted)
      useInbox().refresh(wanted)
    })
  }

  const live = useLive()
  live.on('message', (message) => {
    heard.set(message.id, ++words)
    put(message)
    if (message.conversationId === id.value && message.direction === 'in') markRead()
  })
  // The list fetches whatever an event is about: an order, too, changes what stands beside the customer's name.
  watch(
    () => useInbox().fetched,
    (found) => {
      if (found && found.id === id.value) conversation.value = found
    },
  )
  const catchUpInTurn = oneAtATime(() => attempt(catchUp))
  live.onConnected(() => {
    retryUnsaid()
    catchUpInTurn()
  })
  document.addEventListener('visibilitychange', markRead)

  return {
    id,
    conversation,
    messages,
    older,
    loading,
    missing,
    firstNew,
    open,
    loadOlder,
    say,
    sendImage,
    again,
    discard,
    change,
  }
})
