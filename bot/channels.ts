import type { Settings } from '../server/settings.ts'
import type { Channel } from './channel.ts'
import * as registered from './channels/index.ts'

let open = new Map<string, Channel>()

/** Opens every channel that has its keys; the others are switched off. */
export function openChannels(settings: Settings): void {
  open = new Map()
  for (const [name, create] of Object.entries(registered)) {
    const channel = create(settings)
    if (channel) open.set(name, channel)
  }
}

/** The channel of this name, if it is switched on. */
export const channelNamed = (name: string): Channel | undefined => open.get(name)

/** Names of the channels that are switched on. */
export const openChannelNames = (): string[] => [...open.keys()]
