// npm run setup:line: sets and tests what LINE lets a program set, and says what is left to do by hand.
import { setupLine } from '../bot/setup-line.ts'
import { runSetup } from './run-setup.ts'

await runSetup('LINE', 'setup:line', setupLine)
