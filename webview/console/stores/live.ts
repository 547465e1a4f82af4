import { defineStore } from 'pinia'
import { io, type Socket } from 'socket.io-client'
import { ref } from 'vue'
import type { FromConsole, ToConsole } from '../../../server/conversation/contract.ts'

export type Presence = Parameters<ToConsole['presence']>[0]['staff']
type Listener<Event extends keyof ToConsole> = ToConsole[Event]

/** Long enough that a short change of network shows no banner. */
const PATIENCE = 1500

/** The one socket: what happens in the shop while somebody looks. */
export const useLive = defineStore('live', () => {
  const lost = ref(false)
  const presence = ref<Record<string, Presence>>({})
  const afterGap = new Set<() => void>()
  let socket: Socket<ToConsole, FromConsole> | null = null
  let viewed: string | null = null
  let worry: ReturnType<typeof setTimeout> | undefined

  function open(): void {
    if (socket) return
    socket = io({ path: '/socket', transports: ['websocket', 'polling'], reconnectionDelayMax: 5000 })
    socket.on('connect', onConnect)
    socket.on('disconnect', (reason) => {
      onLost()
      // The server let us go and the client would not try again: the session may have ended, which the try tells.
      if (reason === 'io server disconnect') socket?.connect()
    })
    socket.on('connect_error', onLost)
    window.addEventListener('offline', onLost)
    window.addEventListener('online', onOnline)
    socket.on('presence', ({ conversationId, staff }) => {
      presence.value = { ...presence.value, [conversationId]: staff }
    })
  }

  function close(): void {
    socket?.disconnect()
    socket = null
    window.removeEventListener('offline', onLost)
    window.removeEventListener('online', onOnline)
    lost.value = false
    presence.value = {}
    clearTimeout(worry)
  }

  function onConnect(): void {
    clearTimeout(worry)
    lost.value = false
    if (viewed) socket?.emit('view', viewed)
    // What happened until now was said to nobody: whoever shows something fetches it again.
    for (const catchUp of afterGap) catchUp()
  }

  /** A socket may outlive a short gap, and so say nothing of it. */
  function onOnline(): void {
    if (socket?.connected) onConnect()
    else socket?.connect()
  }

  function onLost(): void {
    clearTimeout(worry)
    worry = setTimeout(() => {
      lost.value = true
    }, PATIENCE)
  }

  /** Calls the listener on each such event. Call what comes back when it shall end. */
  function on<Event extends keyof ToConsole>(event: Event, listener: Listener<Event>): () => void {
    open()
    socket?.on(event, listener as never)
    return () => socket?.off(event, listener as never)
  }

  /** Calls it whenever the connection is there, or back after a gap: what was fetched before may be old by then. */
  function onConnected(catchUp: () => void): () => void {
    afterGap.add(catchUp)
    return () => afterGap.delete(catchUp)
  }

  function view(conversationId: string | null): void {
    viewed = conversationId
    socket?.emit('view', conversationId)
  }
  const typing = (conversationId: string, on: boolean) => socket?.emit('typing', conversationId, on)
  const editing = (conversationId: string, on: boolean) => socket?.emit('editing', conversationId, on)

  return { lost, presence, open, close, on, onConnected, view, typing, editing }
})
