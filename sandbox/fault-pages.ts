import express, { type Router } from 'express'
import { z } from 'zod'
import type { Faults } from './faults.ts'
import { page } from './html.ts'

const Value = z.union([z.boolean(), z.number(), z.string()])
/** `{ line: { rateLimited: true, failAfterAccepting: { value: true, next: 1 } } }` */
const Change = z.record(
  z.string(),
  z.record(
    z.string(),
    z.union([Value, z.strictObject({ value: Value, next: z.int().positive().optional() })]),
  ),
)

/** The knobs, as a page for people and as JSON for tests and curl. */
export function faultPages(faults: Faults): Router {
  const router = express.Router()

  router.get('/faults', (_request, response) => void response.type('html').send(page('Faults', body)))

  router.get('/__sim/faults', (_request, response) => void response.json({ knobs: faults.list() }))

  router.put('/__sim/faults', express.json(), (request, response) => {
    const change = Change.safeParse(request.body)
    if (!change.success) return void response.status(400).json({ error: z.prettifyError(change.error) })
    try {
      for (const [platform, knobs] of Object.entries(change.data)) {
        for (const [name, given] of Object.entries(knobs)) {
          const { value, next } = typeof given === 'object' ? given : { value: given, next: undefined }
          faults.set(platform, name, value, next)
        }
      }
    } catch (error) {
      return void response.status(400).json({ error: (error as Error).message })
    }
    response.json({ knobs: faults.list() })
  })

  router.delete('/__sim/faults', (_request, response) => {
    faults.reset()
    response.json({ knobs: faults.list() })
  })

  return router
}

const body = `<main>
<p><a href="/">Sandbox</a></p>
<h1>Faults</h1>
<p class="lead">Turn a knob, and the simulated world misbehaves. A number beside it limits the fault to the next so many times.</p>
<div class="bar"><button id="reset" type="button">Everything back to normal</button><span role="status" class="grow"></span></div>
<div id="knobs"></div>
<h2>Webhooks of the chats</h2>
<div class="bar"><label>Platform <select id="platform"><option value="line">LINE</option><option value="messenger">Messenger</option></select></label><span class="grow">To <code id="endpoint"></code></span><button id="reload" type="button">Reload</button></div>
<div class="scroll"><table><thead><tr><th>Time</th><th>Events</th><th>Attempt</th><th>Outcome</th><th>Took</th></tr></thead><tbody id="deliveries"></tbody></table></div>
</main>
<script type="module" src="/__sim/pages/faults.js"></script>`
