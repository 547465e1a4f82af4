// npm run setup:messenger: sets and tests what Meta lets a program set, and says what is left to do by hand.
import { setupMessenger } from '../bot/setup-messenger.ts'
import { runSetup } from './run-setup.ts'

await runSetup('Messenger', 'setup:messenger', setupMessenger)
