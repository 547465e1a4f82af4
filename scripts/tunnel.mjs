// `npm run tunnel`: a public https address for this machine, so that LINE and the gateways can call back.
import { spawn } from 'node:child_process'

const child = spawn('ngrok', ['start', '--config', 'ngrok.yml', 'parley'], { stdio: 'inherit' })
child.once('error', () => {
  console.error(
    'ngrok is not installed: get it from ngrok.com/download, run "ngrok config add-authtoken …" once, and try again.',
  )
  process.exit(1)
})
child.once('exit', (code) => process.exit(code ?? 1))
