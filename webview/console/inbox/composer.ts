import { computed, ref, watch } from 'vue'
import type { CannedReply, ConversationView } from '../api/conversations.ts'
import { makeLink } from '../api/orders.ts'
import { useLive } from '../stores/live.ts'
import { attempt } from '../stores/notices.ts'
import { useSession } from '../stores/session.ts'
import { useThread } from '../stores/thread.ts'
import { language } from '../words.ts'

type Mode = 'text' | 'note'
const keyOf = (id: string, mode: Mode) => `console.draft.${mode}.${id}`
/** After this long without a key nobody is typing any more. */
const STOPS = 4000

/** What is being written in one conversation: a draft for the answer and one for the note, both kept. */
export function useComposer(conversationId: string) {
  const thread = useThread()
  const live = useLive()
  const mode = ref<Mode>('text')
  const text = ref(read('text'))
  const pictures = ref<{ file: Blob; url: string }[]>([])
  const empty = computed(() => !text.value.trim() && !pictures.value.length)
  let quiet: ReturnType<typeof setTimeout> | undefined

  function read(wanted: Mode): string {
    return localStorage.getItem(keyOf(conversationId, wanted)) ?? ''
  }

  watch(text, (value) => {
    if (value) localStorage.setItem(keyOf(conversationId, mode.value), value)
    else localStorage.removeItem(keyOf(conversationId, mode.value))
    if (mode.value === 'text') showTyping(value !== '')
  })

  function change(wanted: Mode): void {
    mode.value = wanted
    text.value = read(wanted)
    showTyping(false)
  }

  function showTyping(on: boolean): void {
    if (on === (quiet === undefined)) live.typing(conversationId, on)
    clearTimeout(quiet)
    quiet = on ? setTimeout(() => showTyping(false), STOPS) : undefined
  }

  function attach(files: Iterable<File>): void {
    for (const file of files) {
      if (file.type.startsWith('image/')) {
        pictures.value = [...pictures.value, { file, url: URL.createObjectURL(file) }]
      }
    }
  }

  function detach(url: string): void {
    pictures.value = pictures.value.filter((picture) => picture.url !== url)
    URL.revokeObjectURL(url)
  }

  function send(): void {
    if (empty.value) return
    const said = text.value.trim()
    const shown = pictures.value
    text.value = ''
    pictures.value = []
    showTyping(false)
    void (async () => {
      // The customer sees them in the order in which they were put: the pictures, then what is said about them.
      for (const { file } of shown) await thread.sendImage(file)
      if (said) await thread.say(said, mode.value === 'note')
    })()
  }

  return { mode, text, pictures, empty, change, attach, detach, send, showTyping }
}

/** The word after a "/" in which the cursor stands, or null. */
export function cannedWord(text: string, cursor: number): string | null {
  const match = /(?:^|\s)\/([\p{L}\p{M}\p{N}_-]{0,30})$/u.exec(text.slice(0, cursor))
  return match ? (match[1] ?? '') : null
}

/** Answers whose shortcut or text has the word; those in the reader's language first. */
export function fittingReplies(replies: CannedReply[], word: string): CannedReply[] {
  const wanted = word.toLowerCase()
  return replies
    .filter(
      ({ shortcut, text }) =>
        shortcut.toLowerCase().startsWith(wanted) ||
        (wanted.length > 1 && text.toLowerCase().includes(wanted)),
    )
    .sort((one, other) => Number(other.language === language.value) - Number(one.language === language.value))
    .slice(0, 8)
}

/** Puts a text in place of the "/word" before the cursor; answers where the cursor then is. */
export function insertReply(text: string, cursor: number, reply: string): { text: string; cursor: number } {
  const word = cannedWord(text, cursor) ?? ''
  const start = cursor - word.length - 1
  return { text: text.slice(0, start) + reply + text.slice(cursor), cursor: start + reply.length }
}

/**
 * An answer at hand with `{name}`, `{order}`, `{shop}` and `{link}` filled in; a link is made only when one is asked
 * for. What is not known stays as it is, to be seen before it is sent.
 */
export async function fillFor(text: string, conversation: ConversationView | null): Promise<string> {
  const { customer, order } = conversation ?? {}
  const link = order && text.includes('{link}') ? (await attempt(() => makeLink(order.id)))?.url : undefined
  return fillReply(text, { name: customer?.name, order: order?.regNo, shop: useSession().shop?.name, link })
}

const fillReply = (text: string, values: Record<string, string | undefined>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] || whole)
