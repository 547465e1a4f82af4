import type { Fields } from '../types.ts'
import { checkAction, onFlexPart } from './actions.ts'
import {
  checkChoice,
  checkColor,
  checkEach,
  checkFields,
  checkFlag,
  checkKeys,
  isAbsent,
  isFields,
  type Place,
} from './check.ts'
import { checkComponent } from './flex-components.ts'

const KB = 1024
const LARGEST_BUBBLE = 30 * KB
const LARGEST_CAROUSEL = 50 * KB
const MOST_BUBBLES = 12
const MOST_ANIMATIONS = 10

const SIZES = ['nano', 'micro', 'deca', 'hecto', 'kilo', 'mega', 'giga'] as const
const BLOCKS = ['header', 'hero', 'body', 'footer']

/** Checks a Flex container, a bubble or a carousel of bubbles. Sizes are bytes of its JSON in UTF-8. */
export function checkFlex(place: Place, container: unknown): void {
  if (!isFields(container)) return void place.problem('must be specified')
  if (container['type'] === 'bubble') checkBubble(place, container, false)
  else if (container['type'] === 'carousel') checkCarousel(place, container)
  else return void place.at('type').problem('invalid property')
  if (countAnimations(container) > MOST_ANIMATIONS) {
    place.problem(`A message can have at most ${MOST_ANIMATIONS} animated images`)
  }
}

function checkCarousel(place: Place, carousel: Fields): void {
  checkKeys(place, carousel, ['type', 'contents'])
  if (bytes(carousel) > LARGEST_CAROUSEL) tooLarge(place, LARGEST_CAROUSEL)
  const limits = { required: true, min: 1, max: MOST_BUBBLES }
  const bubbles = checkEach(place, carousel, 'contents', limits, (here, bubble) => {
    if (bubble['type'] === 'bubble') checkBubble(here, bubble, true)
    else here.problem('invalid property')
  })
  const sizes = new Set(bubbles.map((bubble) => bubble['size'] ?? 'mega'))
  if (sizes.size > 1) place.at('contents').problem('All bubbles in a carousel must have the same size')
}

function checkBubble(place: Place, bubble: Fields, inCarousel: boolean): void {
  checkKeys(place, bubble, ['type', 'size', 'direction', 'styles', 'action', ...BLOCKS])
  if (bytes(bubble) > LARGEST_BUBBLE) tooLarge(place, LARGEST_BUBBLE)
  checkChoice(place, bubble, 'size', SIZES)
  checkChoice(place, bubble, 'direction', ['ltr', 'rtl'])
  if (BLOCKS.every((block) => isAbsent(bubble[block]))) place.problem('At least one block must be specified')
  for (const block of ['header', 'body', 'footer']) {
    if (!isAbsent(bubble[block])) checkComponent(place.at(block), bubble[block], ['box'])
  }
  if (!isAbsent(bubble['hero'])) {
    const allowed = videoFits(bubble, inCarousel) ? ['box', 'image', 'video'] : ['box', 'image']
    checkComponent(place.at('hero'), bubble['hero'], allowed)
  }
  checkStyles(place, bubble)
  if (!isAbsent(bubble['action'])) checkAction(place.at('action'), bubble['action'], onFlexPart)
}

/** A video needs a bubble wide enough for it, and one that stands alone. */
const videoFits = (bubble: Fields, inCarousel: boolean): boolean =>
  !inCarousel && ['kilo', 'mega', 'giga'].includes(String(bubble['size'] ?? 'mega'))

function checkStyles(place: Place, bubble: Fields): void {
  const styles = checkFields(place, bubble, 'styles')
  if (!styles) return
  checkKeys(place.at('styles'), styles, BLOCKS)
  for (const block of BLOCKS) {
    const style = checkFields(place.at('styles'), styles, block)
    if (!style) continue
    const here = place.at('styles').at(block)
    checkKeys(here, style, ['backgroundColor', 'separator', 'separatorColor'])
    checkColor(here, style, 'backgroundColor')
    checkColor(here, style, 'separatorColor')
    checkFlag(here, style, 'separator')
  }
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

const tooLarge = (place: Place, limit: number): void =>
  place.problem(`Too large flex message. The maximum size of JSON data is ${limit / KB} KB`)

function countAnimations(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, child) => sum + countAnimations(child), 0)
  if (!isFields(value)) return 0
  const own = value['type'] === 'image' && value['animated'] === true ? 1 : 0
  return own + Object.values(value).reduce((sum: number, child) => sum + countAnimations(child), 0)
}
