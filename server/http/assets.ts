import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import express, { type RequestHandler } from 'express'
import { z } from 'zod'
import { root } from '../settings.ts'

const client = join(root, 'dist', 'client')

/**
 * The built screens. Their names hold a hash of what is in them, so browsers keep them for good; each lies there
 * compressed already.
 */
export function assets(): RequestHandler[] {
  const compressed: RequestHandler = (request, response, next) => {
    const path = request.path
    if (
      /\bbr\b/.test(String(request.headers['accept-encoding'])) &&
      /^\/[\w.-]+\.(?:js|css|svg)$/.test(path)
    ) {
      if (existsSync(join(client, 'assets', `${path}.br`))) {
        response.type(path.slice(path.lastIndexOf('.')))
        response.setHeader('Content-Encoding', 'br')
        request.url = `${path}.br`
      }
    }
    response.setHeader('Vary', 'Accept-Encoding')
    response.setHeader('X-Content-Type-Options', 'nosniff')
    next()
  }
  return [
    compressed,
    express.static(join(client, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false }),
  ]
}

const Manifest = z.record(
  z.string(),
  z.looseObject({
    file: z.string(),
    css: z.array(z.string()).optional(),
    imports: z.array(z.string()).optional(),
  }),
)

export interface Entry {
  /** Address of the script. */
  script: string
  /** Addresses of the styles that it and what it imports need. */
  styles: string[]
}

let manifest: z.output<typeof Manifest> | undefined

/** Where the build has put an entry of the screens, such as `webview/console/main.ts`. */
export function findEntry(source: string): Entry {
  manifest ??= Manifest.parse(JSON.parse(readFileSync(join(client, '.vite', 'manifest.json'), 'utf8')))
  const chunk = manifest[source]
  if (!chunk) throw new Error(`The screens were built without ${source}: run npm run build`)
  return { script: `/${chunk.file}`, styles: [...stylesOf(source)].map((file) => `/${file}`) }
}

function stylesOf(source: string, seen = new Set<string>()): Set<string> {
  const styles = new Set<string>()
  if (seen.has(source)) return styles
  seen.add(source)
  const chunk = manifest?.[source]
  for (const inner of chunk?.imports ?? []) for (const file of stylesOf(inner, seen)) styles.add(file)
  for (const file of chunk?.css ?? []) styles.add(file)
  return styles
}
