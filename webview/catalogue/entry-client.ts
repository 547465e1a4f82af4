import '../kit/tokens.css'
import '../kit/base.css'
import { readTyped } from '../checkout/state/typed.ts'
import { createCataloguePage } from './page.ts'
import type { CatalogueBoot } from './state/boot.ts'

const boot = JSON.parse(document.getElementById('boot')?.textContent ?? 'null') as CatalogueBoot
const root = document.getElementById('app')
if (root) createCataloguePage(boot, readTyped(root)).mount(root)
