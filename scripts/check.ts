// `npm run check`: everything that looks at the code without running it, two at a time, each one's words in one piece.
import { spawn } from 'node:child_process'

// The longest first.
const checks = ['types', 'types-of-screens', 'lint', 'unused', 'format']
const waiting = [...checks]
let failed = 0

async function worker(): Promise<void> {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const { code, printed } = await run(`npm run --silent check:${check}`)
    if (code !== 0) failed += 1
    console.log(`${code === 0 ? '✔' : '✖'} ${check}\n${printed.trimEnd()}`.trimEnd())
  }
}

function run(command: string): Promise<{ code: number | null; printed: string }> {
  // By the shell: on Windows what npm has installed is a script of its own.
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  const keep = (chunk: Buffer) => {
    printed += String(chunk)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, printed }))
  })
}

await Promise.all([worker(), worker()])
if (failed) {
  console.error(`\n${failed} of ${checks.length} checks failed: mend what they say, then run this again.`)
  process.exit(1)
}
