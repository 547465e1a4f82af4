import '../kit/tokens.css'
import '../kit/base.css'
import { createPage } from './page.ts'
import { closeBankWindow } from './state/bank-window.ts'
import type { Boot } from './state/boot.ts'
import { readTyped } from './state/typed.ts'

const boot = JSON.parse(document.getElementById('boot')?.textContent ?? 'null') as Boot
const root = document.getElementById('app')
if (boot?.kind === 'result') closeBankWindow()
if (root) createPage(boot, readTyped(root)).mount(root)
