import type { Fields } from '../types.ts'
import { checkChoice, checkPattern, isAbsent, type Place } from './check.ts'

const STEPS = 'none|xs|sm|md|lg|xl|xxl'
const TEXT_SIZES = 'xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl'
const PIXELS = '\\d+(\\.\\d+)?px'
const PERCENT = '\\d+(\\.\\d+)?%'

const whole = (...alternatives: string[]): RegExp => new RegExp(`^(${alternatives.join('|')})$`)

/** The kinds of length that Flex knows; each property takes one of them. */
const LENGTHS = {
  gap: whole(STEPS, PIXELS),
  padding: whole(STEPS, PIXELS, PERCENT),
  offset: whole(STEPS, `-?${PIXELS}`, `-?${PERCENT}`),
  border: whole('none|light|normal|medium|semi-bold|bold', PIXELS),
  corner: whole(STEPS, PIXELS),
  side: whole(PIXELS, PERCENT),
  font: whole(TEXT_SIZES, PIXELS),
  image: whole(TEXT_SIZES, 'full', PIXELS, PERCENT),
  lines: whole(PIXELS),
  percent: whole(PERCENT),
} satisfies Record<string, RegExp>

export type LengthKind = keyof typeof LENGTHS

export function checkLength(place: Place, part: Fields, key: string, kind: LengthKind): void {
  checkPattern(place, part, key, LENGTHS[kind], 'invalid property')
}

/** Position and the four offsets, which most components share. */
export function checkPosition(place: Place, part: Fields): void {
  checkChoice(place, part, 'position', ['relative', 'absolute'])
  for (const key of OFFSETS) checkLength(place, part, key, 'offset')
}

const OFFSETS = ['offsetTop', 'offsetBottom', 'offsetStart', 'offsetEnd']
export const POSITION_KEYS = ['position', ...OFFSETS]

/** `width:height`, each 1 to 100000; a picture can be at most three times as high as wide. */
export function checkAspectRatio(place: Place, part: Fields): void {
  const value = part['aspectRatio']
  if (isAbsent(value)) return
  const found = typeof value === 'string' && /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(value)
  const [width, height] = found ? [Number(found[1]), Number(found[2])] : [0, 0]
  const inRange = width >= 1 && width <= 100_000 && height >= 1 && height <= 100_000
  if (!inRange || height > 3 * width) place.at('aspectRatio').problem('invalid property')
}
