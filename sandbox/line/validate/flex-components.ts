import type { Fields } from '../types.ts'
import { checkAction, onFlexButton, onFlexPart } from './actions.ts'
import {
  checkChoice,
  checkColor,
  checkEach,
  checkFields,
  checkFlag,
  checkKeys,
  checkMediaUrl,
  checkNumber,
  checkPattern,
  checkText,
  isAbsent,
  isFields,
  type Place,
} from './check.ts'
import { checkAspectRatio, checkLength, checkPosition, POSITION_KEYS } from './flex-values.ts'

/** What may stand in a box depends on its layout; `spacer` has been refused since it was withdrawn. */
const CHILDREN: Record<string, readonly string[]> = {
  horizontal: ['box', 'button', 'image', 'text', 'separator', 'filler'],
  vertical: ['box', 'button', 'image', 'text', 'separator', 'filler'],
  baseline: ['icon', 'text', 'filler'],
}

/** Checks one Flex component, and everything inside it. */
export function checkComponent(place: Place, value: unknown, allowed: readonly string[]): void {
  if (!isFields(value)) return void place.problem('Must be an object')
  const kind = value['type']
  if (typeof kind !== 'string' || !allowed.includes(kind)) {
    // The platform blames the component, not its type.
    if (isAbsent(kind)) place.at('type').problem('must be specified')
    else place.problem('invalid property')
    return
  }
  components[kind]?.(place, value)
}

const components: Record<string, (place: Place, part: Fields) => void> = {
  box,
  text,
  button,
  image,
  icon,
  video,
  separator,
  filler,
}

const BOX_KEYS =
  'type layout flex contents spacing margin backgroundColor borderColor borderWidth cornerRadius width maxWidth height maxHeight paddingAll paddingTop paddingBottom paddingStart paddingEnd action justifyContent alignItems background'

function box(place: Place, part: Fields): void {
  checkKeys(place, part, [...BOX_KEYS.split(' '), ...POSITION_KEYS])
  const layout = checkChoice(place, part, 'layout', ['horizontal', 'vertical', 'baseline'], {
    required: true,
  })
  common(place, part)
  checkLength(place, part, 'spacing', 'gap')
  for (const key of ['backgroundColor', 'borderColor']) checkColor(place, part, key)
  checkLength(place, part, 'borderWidth', 'border')
  checkLength(place, part, 'cornerRadius', 'corner')
  for (const key of ['width', 'maxWidth', 'height', 'maxHeight']) checkLength(place, part, key, 'side')
  for (const side of ['All', 'Top', 'Bottom', 'Start', 'End']) {
    checkLength(place, part, `padding${side}`, 'padding')
  }
  const arrangements = ['center', 'flex-start', 'flex-end'] as const
  checkChoice(place, part, 'alignItems', arrangements)
  checkChoice(place, part, 'justifyContent', [
    ...arrangements,
    'space-between',
    'space-around',
    'space-evenly',
  ])
  background(place, part)
  optionalAction(place, part)
  const allowed = layout ? (CHILDREN[layout] ?? []) : []
  checkEach(place, part, 'contents', { required: true }, (here, child) => {
    checkComponent(here, child, allowed)
  })
}

function background(place: Place, part: Fields): void {
  const gradient = checkFields(place, part, 'background')
  if (!gradient) return
  const here = place.at('background')
  checkChoice(here, gradient, 'type', ['linearGradient'], { required: true })
  checkPattern(here, gradient, 'angle', /^([0-2]?\d?\d|3[0-5]\d)(\.\d+)?deg$/, 'invalid property', {
    required: true,
  })
  checkColor(here, gradient, 'startColor', { required: true })
  checkColor(here, gradient, 'endColor', { required: true })
  checkColor(here, gradient, 'centerColor')
  checkLength(here, gradient, 'centerPosition', 'percent')
}

const TEXT_KEYS =
  'type text contents flex size align gravity color weight style decoration wrap lineSpacing margin action maxLines adjustMode scaling'

function text(place: Place, part: Fields): void {
  checkKeys(place, part, [...TEXT_KEYS.split(' '), ...POSITION_KEYS])
  const spans = checkEach(place, part, 'contents', {}, checkSpan)
  checkText(place, part, 'text', { max: 30_000, required: spans.length === 0 })
  common(place, part)
  lettering(place, part)
  checkChoice(place, part, 'align', ['start', 'end', 'center'])
  checkChoice(place, part, 'gravity', ['top', 'bottom', 'center'])
  checkFlag(place, part, 'wrap')
  checkFlag(place, part, 'scaling')
  checkLength(place, part, 'lineSpacing', 'lines')
  checkNumber(place, part, 'maxLines', { min: 0 })
  checkChoice(place, part, 'adjustMode', ['shrink-to-fit'])
  optionalAction(place, part)
}

function checkSpan(place: Place, value: Fields): void {
  if (value['type'] !== 'span') return void place.problem('invalid property')
  checkKeys(place, value, ['type', 'text', 'size', 'color', 'weight', 'style', 'decoration'])
  checkText(place, value, 'text', { max: 30_000, required: true })
  lettering(place, value)
}

function lettering(place: Place, part: Fields): void {
  checkLength(place, part, 'size', 'font')
  checkColor(place, part, 'color')
  checkChoice(place, part, 'weight', ['regular', 'bold'])
  checkChoice(place, part, 'style', ['normal', 'italic'])
  checkChoice(place, part, 'decoration', ['none', 'underline', 'line-through'])
}

const BUTTON_KEYS = 'type flex color style action gravity margin height adjustMode scaling'

function button(place: Place, part: Fields): void {
  checkKeys(place, part, [...BUTTON_KEYS.split(' '), ...POSITION_KEYS])
  common(place, part)
  checkColor(place, part, 'color')
  checkChoice(place, part, 'style', ['primary', 'secondary', 'link'])
  checkChoice(place, part, 'gravity', ['top', 'bottom', 'center'])
  checkChoice(place, part, 'height', ['sm', 'md'])
  checkChoice(place, part, 'adjustMode', ['shrink-to-fit'])
  checkFlag(place, part, 'scaling')
  if (isAbsent(part['action'])) return void place.at('action').problem('must be specified')
  checkAction(place.at('action'), part['action'], onFlexButton)
}

const IMAGE_KEYS =
  'type url flex margin align gravity size aspectRatio aspectMode backgroundColor action animated'

function image(place: Place, part: Fields): void {
  checkKeys(place, part, [...IMAGE_KEYS.split(' '), ...POSITION_KEYS])
  checkMediaUrl(place, part, 'url', { required: true })
  common(place, part)
  checkChoice(place, part, 'align', ['start', 'end', 'center'])
  checkChoice(place, part, 'gravity', ['top', 'bottom', 'center'])
  checkLength(place, part, 'size', 'image')
  checkAspectRatio(place, part)
  checkChoice(place, part, 'aspectMode', ['cover', 'fit'])
  checkColor(place, part, 'backgroundColor')
  checkFlag(place, part, 'animated')
  optionalAction(place, part)
}

function icon(place: Place, part: Fields): void {
  checkKeys(place, part, [...'type url size aspectRatio margin scaling'.split(' '), ...POSITION_KEYS])
  checkMediaUrl(place, part, 'url', { required: true })
  common(place, part)
  checkLength(place, part, 'size', 'font')
  checkAspectRatio(place, part)
  checkFlag(place, part, 'scaling')
}

function video(place: Place, part: Fields): void {
  checkKeys(place, part, ['type', 'url', 'previewUrl', 'altContent', 'aspectRatio', 'action'])
  checkMediaUrl(place, part, 'url', { required: true })
  checkMediaUrl(place, part, 'previewUrl', { required: true })
  checkAspectRatio(place, part)
  if (checkFields(place, part, 'altContent', { required: true })) {
    checkComponent(place.at('altContent'), part['altContent'], ['box', 'image'])
  }
  if (isAbsent(part['action'])) return
  checkAction(place.at('action'), part['action'], {
    kinds: ['uri'],
    label: { required: true, max: 20 },
  })
}

function separator(place: Place, part: Fields): void {
  checkKeys(place, part, ['type', 'margin', 'color'])
  checkLength(place, part, 'margin', 'gap')
  checkColor(place, part, 'color')
}

function filler(place: Place, part: Fields): void {
  checkKeys(place, part, ['type', 'flex'])
  checkNumber(place, part, 'flex', { min: 0 })
}

function common(place: Place, part: Fields): void {
  checkNumber(place, part, 'flex', { min: 0 })
  checkLength(place, part, 'margin', 'gap')
  checkPosition(place, part)
}

function optionalAction(place: Place, part: Fields): void {
  if (!isAbsent(part['action'])) checkAction(place.at('action'), part['action'], onFlexPart)
}
