import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { root } from '../server/settings.ts'
import { paint } from './paint.ts'
import { judge, printTable, show } from './support/figures.ts'

interface Chunk {
  file: string
  css?: string[]
  imports?: string[]
  isEntry?: boolean
}

const client = join(root, 'dist', 'client')

/** What a browser fetches before a screen works: the entry, what it imports and their styles, compressed. */
export async function webview(): Promise<void> {
  const path = join(client, '.vite', 'manifest.json')
  if (!existsSync(path)) throw new Error('The screens are not built: npm run build')
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(path, 'utf8'))
  const entries = Object.entries(manifest).filter(([, { isEntry }]) => isEntry)
  const sizes = new Map(entries.map(([name]) => [name, sizeOf(filesOf(manifest, name))]))
  console.log('First load of the screens, KB after brotli\n')
  printTable(
    ['', 'JS', 'CSS', 'together'],
    [...sizes].map(([name, { js, css }]) => [name, show(js), show(css), show(js + css)]),
  )
  for (const name of ['checkout', 'catalogue']) {
    const size = sizes.get(`webview/${name}/entry-client.ts`)
    if (size) judge(`the ${name}`, size.js + size.css, 'KB', { most: 60 })
  }
  console.log()
  await paint()
}

function filesOf(manifest: Record<string, Chunk>, name: string, files = new Set<string>()): Set<string> {
  const chunk = manifest[name]
  if (!chunk || files.has(chunk.file)) return files
  for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
  for (const inner of chunk.imports ?? []) filesOf(manifest, inner, files)
  return files
}

function sizeOf(files: Set<string>): { js: number; css: number } {
  const sum = (ending: string) =>
    [...files]
      .filter((file) => file.endsWith(ending))
      .reduce((bytes, file) => bytes + brotliCompressSync(readFileSync(join(client, file))).length, 0) / 1024
  return { js: sum('.js'), css: sum('.css') }
}
