import { type Profile, TryLater } from '../../channel.ts'
import { GraphRefusal } from './errors.ts'
import type { Graph } from './graph.ts'

/**
 * Name, picture and language, as far as Meta tells: the permission may be missing, and then the answer is empty.
 * Null for somebody who cannot be seen (2018218) or whom the page does not know.
 */
export async function findProfile(graph: Graph, psid: string): Promise<Profile | null> {
  try {
    const fields = 'first_name,last_name,profile_pic,locale'
    const found = await graph.get(encodeURIComponent(psid), { fields })
    const name = [text(found['first_name']), text(found['last_name'])].filter(Boolean).join(' ')
    if (!name && !found['profile_pic']) return null
    return { name, picture: text(found['profile_pic']) || null, language: text(found['locale']) || null }
  } catch (error) {
    if (!(error instanceof GraphRefusal)) throw error
    if (error.code === 100 || error.code === 230 || error.code === 200 || error.code === 10) return null
    throw new TryLater(5000, error.message)
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
