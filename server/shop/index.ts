export { audit } from './audit.ts'
export { nextNumber } from './counter.ts'
export { forgetShopSettings, shopSettings } from './settings.ts'
export { finishTask, raiseTask } from './tasks.ts'
