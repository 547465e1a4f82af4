/** Whoever has blocked the other side cannot write to it. */
export class BlockedError extends Error {
  constructor(who: string, whom: 'shop' | 'page') {
    super(`${who} has blocked the ${whom}: unblock it before writing`)
  }
}
