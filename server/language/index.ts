export { formatDate, formatDateTime, formatDistance, formatTime } from './dates.ts'
export { methodName } from './method-name.ts'
export { formatMoney } from './money.ts'
export { hasWord, translate } from './translate.ts'
