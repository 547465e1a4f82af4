import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

/**
 * Under nock, head and body of a request leave in two writes on a socket that waits for an acknowledgement between
 * them: 40 ms for every POST to our own servers. Sockets of this process do not wait.
 */
export function sendAtOnce(): void {
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket }
    socket.setNoDelay(true)
    socket.once('connect', () => socket.setNoDelay(true))
  })
}
