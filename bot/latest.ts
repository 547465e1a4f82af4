/**
 * Makes a function that tells of a thing by its id, one look at it after another: asked again meanwhile, it looks once
 * more afterwards. So what is told last is the newest. Throws what the last look throws.
 */
export function tellingLatest(look: (id: string) => Promise<void>): (id: string) => Promise<void> {
  const looking = new Map<string, { again: boolean }>()
  return async (id) => {
    const current = looking.get(id)
    if (current) {
      current.again = true
      return
    }
    const mark = { again: true }
    looking.set(id, mark)
    try {
      while (mark.again) {
        mark.again = false
        await look(id)
      }
    } finally {
      looking.delete(id)
    }
  }
}
