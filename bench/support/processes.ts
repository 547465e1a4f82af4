import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../server/settings.ts'

export interface Helper {
  url: string
  pid: number
  end(): Promise<void>
}

/** Starts a script of `bench/` as a process of its own. It prints its port, and nothing else, when it listens. */
export async function startHelper(
  script: string,
  env: Record<string, string> = {},
  profile = false,
): Promise<Helper> {
  const child = spawn(process.execPath, [...(profile ? ['--cpu-prof'] : []), join(root, 'bench', script)], {
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endWithUs(child)
  const [port] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${script} ended instead of listening`))),
  ])
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, end: () => endProcess(child) }
}

const started = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of started) child.kill()
})

/** Whatever ends the bench ends what it has started. */
export const endWithUs = (child: ChildProcess): void => {
  started.add(child)
  child.once('exit', () => started.delete(child))
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

/** Milliseconds of CPU that a process has used so far, its own and the kernel's for it. Linux counts in 10 ms. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name of the program may hold spaces and brackets: fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Megabytes of memory that a process holds now. */
export function memoryOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}
