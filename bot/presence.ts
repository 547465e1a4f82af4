interface Person {
  id: string
  name: string
}
interface Doing {
  typing: boolean
  editing: boolean
}
type Seen = Person & Doing

export interface Presence {
  /** A window of the console has opened; tell it what the window shows, and when it is closed. */
  open(
    socketId: string,
    person: Person,
  ): {
    view(conversationId: string | null): void
    change(conversationId: string, doing: Partial<Doing>): void
    close(): void
  }
}

/** Who looks at which conversation, types in it or edits its order. `tell` hears of every change, with everybody. */
export function createPresence(tell: (conversationId: string, staff: Seen[]) => void): Presence {
  const windows = new Map<string, Seen & { conversationId: string | null }>()

  const announce = (conversationId: string) => tell(conversationId, whoIsAt(conversationId))

  /** One entry a person, however many windows they have. */
  function whoIsAt(conversationId: string): Seen[] {
    const people = new Map<string, Seen>()
    for (const { conversationId: at, id, name, typing, editing } of windows.values()) {
      if (at !== conversationId) continue
      const known = people.get(id)
      people.set(id, {
        id,
        name,
        typing: typing || known?.typing === true,
        editing: editing || known?.editing === true,
      })
    }
    return [...people.values()]
  }

  return {
    open(socketId, person) {
      const window = { ...person, conversationId: null as string | null, typing: false, editing: false }
      windows.set(socketId, window)
      return {
        view(conversationId) {
          const left = window.conversationId
          Object.assign(window, { conversationId, typing: false, editing: false })
          if (left && left !== conversationId) announce(left)
          if (conversationId) announce(conversationId)
        },
        change(conversationId, doing) {
          if (window.conversationId !== conversationId) return
          Object.assign(window, doing)
          announce(conversationId)
        },
        close() {
          windows.delete(socketId)
          if (window.conversationId) announce(window.conversationId)
        },
      }
    },
  }
}
