import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { judge, printTable, show } from './support/figures.ts'
import { memoryOf } from './support/processes.ts'
import { startShop } from './support/shop.ts'

const times = 4
const restMs = 5000

/**
 * How long a start takes when everything is installed, and what the server holds at rest: sample shop, sandbox and
 * all, as `npm start` gives it. Beside it Node itself, with nothing to do.
 */
export async function start(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'))
  const ready: number[] = []
  const cpu: number[] = []
  let memory = 0
  try {
    // The first one seeds the shop and fills the compile cache.
    for (let at = 0; at <= times; at += 1) {
      const shop = await startShop({ dataDir })
      ready.push(shop.readyAfter)
      cpu.push(shop.readyCpu)
      if (at === times) {
        await wait(restMs)
        memory = memoryOf(shop.pid)
      }
      await shop.end()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
  const [first = 0, ...warm] = ready
  const bare = await bareNode()
  console.log('Start and rest\n')
  printTable(
    ['', 'first start, s', 'best warm start, s', 'worst, s', 'CPU of it, s', 'memory at rest, MB'],
    [
      [
        'the shop',
        show(first / 1000),
        show(Math.min(...warm) / 1000),
        show(Math.max(...warm) / 1000),
        show(Math.min(...cpu) / 1000),
        show(memory),
      ],
      ['Node alone', '-', show(bare.milliseconds / 1000), '-', '-', show(bare.memory)],
    ],
  )
  judge('ready, warm', Math.min(...warm) / 1000, 's', { most: 2 })
  judge('memory of the server at rest', memory, 'MB', { most: 180 })
  console.log()
}

async function bareNode(): Promise<{ milliseconds: number; memory: number }> {
  const began = performance.now()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("ready")'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const milliseconds = performance.now() - began
  const memory = memoryOf(child.pid ?? 0)
  child.kill()
  return { milliseconds, memory }
}
