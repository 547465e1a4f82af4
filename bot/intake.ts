import { setTimeout as pause } from 'node:timers/promises'

/*
 * A platform waits for its 200 for a second or two and then counts a failure; what follows from a message may take
 * a moment longer. So while many are waiting, the handling of what is stored steps back, without ever standing still.
 */
const many = 8
const atOnce = 8
const stepMs = 40

let storing = 0
let handling = 0
const waiting: (() => void)[] = []

/** Counts a webhook that is being stored. */
export async function whileStoring<T>(work: () => Promise<T>): Promise<T> {
  storing += 1
  try {
    return await work()
  } finally {
    storing -= 1
  }
}

/** Handles a stored event when there is room for it. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (handling >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else handling += 1
  try {
    if (storing >= many) await pause(stepMs)
    return await work()
  } finally {
    // The place goes to the next in line, if there is one.
    const next = waiting.shift()
    if (next) next()
    else handling -= 1
  }
}
