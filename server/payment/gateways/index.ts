// One line for each gateway; its name here is its name everywhere: in settings, addresses and stored payments.
export { foreignAffairsBank } from './foreign-affairs-bank.ts'
export { halkbank } from './halkbank.ts'
export { ipaymu } from './ipaymu.ts'
export { komoju } from './komoju.ts'
export { omise } from './omise.ts'
export { promptpay } from './promptpay.ts'
export { sbp } from './sbp.ts'
