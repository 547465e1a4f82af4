// How large the words of Flex are, in CSS.

const TEXT = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, '3xl': 35, '4xl': 48, '5xl': 74 }
const IMAGE = {
  xxs: 40,
  xs: 60,
  sm: 80,
  md: 100,
  lg: 120,
  xl: 140,
  xxl: 160,
  '3xl': 180,
  '4xl': 200,
  '5xl': 220,
}
const GAP = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 }
const BORDER = { none: 0, light: 0.5, normal: 1, medium: 2, 'semi-bold': 3, bold: 4 }

const from = (table) => (value) => {
  if (value === undefined || value === null) return undefined
  return value in table ? `${table[value]}px` : value
}

export const textSize = from(TEXT)
export const gapSize = from(GAP)
export const borderSize = from(BORDER)
export const imageSize = (value) => (value === 'full' ? '100%' : from(IMAGE)(value))

/** `20:13` as CSS writes it. */
export const ratio = (value = '1:1') => value.replace(':', ' / ')

export const BUBBLE_WIDTHS = {
  nano: 120,
  micro: 160,
  deca: 220,
  hecto: 241,
  kilo: 260,
  mega: 300,
  giga: 386,
}
