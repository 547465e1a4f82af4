interface World {
  onChange(listener: (id: string) => void): () => void
}

/** The changes of one person's chat, out of those of all. */
export const changesOf =
  (world: World, id: string) =>
  (listener: () => void): (() => void) =>
    world.onChange((changed) => {
      if (changed === id) listener()
    })
