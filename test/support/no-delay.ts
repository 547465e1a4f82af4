// Loaded before nock, which replaces `connect` and loses the wish to send at once on the way: without this, each
// request with a body waits 40 ms for the other side's acknowledgement.
import { Socket } from 'node:net'

const connect = Socket.prototype.connect as (this: Socket, ...target: unknown[]) => Socket

Socket.prototype.connect = function withoutDelay(this: Socket, ...target: unknown[]) {
  this.setNoDelay(true)
  return connect.apply(this, target)
} as typeof Socket.prototype.connect
