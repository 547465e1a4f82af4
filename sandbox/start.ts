import { fstatSync } from 'node:fs'
import { createSandbox } from './app.ts'
import { readSettings } from './settings.ts'

/**
 * The simulated outside world as a process of its own. It tells its parent when it is ready, and ends with it: a
 * parent that was killed closes the channel between them.
 */
try {
  const sandbox = await createSandbox(readSettings())

  // However this ends, the last half second of the chats is written down.
  process.on('exit', () => {
    sandbox.line.close()
    sandbox.messenger.close()
  })
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    void sandbox.close().finally(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  if (process.send) {
    process.on('disconnect', end)
    process.on('message', (told: { shopName?: unknown }) => {
      if (typeof told?.shopName === 'string') sandbox.rename(told.shopName)
    })
    process.send({ ready: true, url: sandbox.url, smtpUrl: sandbox.smtpUrl })
  } else if (isPipe(0)) {
    // Started without a channel, with a pipe as its input: the end of the pipe is the end of the parent.
    process.stdin.resume().on('end', end).on('error', end)
  }
  if (!process.send) {
    console.log(`Sandbox  ${sandbox.url}\nPhone    ${sandbox.url}/phone\nMailbox  ${sandbox.url}/mailbox`)
  }
} catch (error) {
  console.error(sentence(error))
  process.exit(1)
}

/** A terminal or /dev/null says nothing of the parent; a pipe does. */
function isPipe(descriptor: number): boolean {
  const kind = fstatSync(descriptor)
  return kind.isFIFO() || kind.isSocket()
}

function sentence(error: unknown): string {
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use by another program (EADDRINUSE): give SANDBOX_PORT another number, or end that program.`
  }
  return error instanceof Error ? error.message : String(error)
}
