// `npm test`: the checks of the code and all the tests, at the same time. The tests often wait, for a database or a
// browser: the checks work in those gaps, and give way otherwise. Their words are printed first, in one piece.
import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'

const checks = run(`"${process.execPath}" scripts/check.ts`)
if (checks.pid) setPriority(checks.pid, constants.priority.PRIORITY_BELOW_NORMAL)
const tests = run(`npm run --silent test:all -- ${process.stdout.isTTY ? '--color' : ''}`)

const checked = await checks.ended
checks.show()
tests.show()
const tested = await tests.ended
if (checked !== 0) console.error('\nThe checks failed: what they say stands above the tests.')
process.exitCode = checked || tested

/** Starts a command, and keeps what it prints until it is asked to show it; from then on it is shown as it comes. */
function run(command: string) {
  // By the shell: on Windows what npm has installed is a script of its own.
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let kept = ''
  let print = (text: string): unknown => (kept += text)
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => print(text))
  return {
    pid: child.pid,
    /** Its exit code. */
    ended: new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code ?? 1))
    }),
    show() {
      process.stdout.write(kept)
      print = (text) => process.stdout.write(text)
    },
  }
}
