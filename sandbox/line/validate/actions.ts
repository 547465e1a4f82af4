import type { Fields } from '../types.ts'
import {
  checkChoice,
  checkFields,
  checkPattern,
  checkText,
  isAbsent,
  isAscii,
  isFields,
  type Place,
} from './check.ts'

/** Where an action stands decides which kinds it may be, and how long its label is. */
export interface ActionPlace {
  label: { required: boolean; max: number } | 'none'
  kinds: readonly string[]
}

const EVERYWHERE = ['postback', 'message', 'uri', 'datetimepicker', 'clipboard']

export const inTemplate: ActionPlace = { label: { required: true, max: 20 }, kinds: EVERYWHERE }
export const inImageCarousel: ActionPlace = { label: { required: false, max: 12 }, kinds: EVERYWHERE }
export const inQuickReply: ActionPlace = {
  label: { required: true, max: 20 },
  kinds: [...EVERYWHERE, 'camera', 'cameraRoll', 'location'],
}
export const inRichMenu: ActionPlace = {
  label: { required: false, max: 20 },
  kinds: [...EVERYWHERE, 'richmenuswitch'],
}
export const onFlexButton: ActionPlace = { label: { required: true, max: 40 }, kinds: EVERYWHERE }
export const onFlexPart: ActionPlace = { label: { required: false, max: 40 }, kinds: EVERYWHERE }

/** Checks one action object of section "Action objects" of the reference. */
export function checkAction(place: Place, value: unknown, where: ActionPlace): void {
  if (!isFields(value)) return void place.problem('Must be an object')
  const kind = checkChoice(place, value, 'type', where.kinds, { required: true })
  if (where.label !== 'none') checkText(place, value, 'label', where.label)
  if (kind) kindsOfAction[kind]?.(place, value)
}

const kindsOfAction: Record<string, (place: Place, action: Fields) => void> = {
  postback,
  message: (place, action) => void checkText(place, action, 'text', { max: 300, required: true }),
  uri,
  datetimepicker,
  clipboard: (place, action) => void checkText(place, action, 'clipboardText', { max: 1000, required: true }),
  camera: () => {},
  cameraRoll: () => {},
  location: () => {},
  richmenuswitch(place, action) {
    checkPattern(place, action, 'richMenuAliasId', /^[a-z0-9_-]{1,32}$/, 'invalid property', {
      required: true,
    })
    checkText(place, action, 'data', { max: 300, required: true })
  },
}

function postback(place: Place, action: Fields): void {
  checkText(place, action, 'data', { max: 300, required: true })
  checkText(place, action, 'displayText', { max: 300 })
  checkText(place, action, 'text', { max: 300 })
  if (!isAbsent(action['displayText']) && !isAbsent(action['text'])) {
    place.at('text').problem('displayText and text cannot be used together')
  }
  const option = checkChoice(place, action, 'inputOption', [
    'closeRichMenu',
    'openRichMenu',
    'openKeyboard',
    'openVoice',
  ])
  checkText(place, action, 'fillInText', { max: 300 })
  if (!isAbsent(action['fillInText']) && option !== 'openKeyboard') {
    place.at('fillInText').problem('fillInText is only valid when inputOption is openKeyboard')
  }
}

function uri(place: Place, action: Fields): void {
  checkLink(place, action, 'uri', true)
  const other = checkFields(place, action, 'altUri')
  if (other) checkLink(place.at('altUri'), other, 'desktop', false)
}

function checkLink(place: Place, fields: Fields, key: string, required: boolean): void {
  const link = checkText(place, fields, key, { max: 1000, required })
  if (!link) return
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(link)?.[1]?.toLowerCase()
  if (!scheme || !['http', 'https', 'line', 'tel'].includes(scheme)) {
    place.at(key).problem('invalid uri scheme')
  } else if (scheme !== 'tel' && !(isAscii(link) && URL.canParse(link))) {
    place.at(key).problem('invalid uri')
  }
}

const PICKERS: Record<string, RegExp> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  time: /^\d{2}:\d{2}$/,
  datetime: /^\d{4}-\d{2}-\d{2}[tT]\d{2}:\d{2}$/,
}

function datetimepicker(place: Place, action: Fields): void {
  checkText(place, action, 'data', { max: 300, required: true })
  const mode = checkChoice(place, action, 'mode', ['date', 'time', 'datetime'], { required: true })
  const pattern = mode && PICKERS[mode]
  if (!pattern) return
  for (const key of ['initial', 'min', 'max']) checkPattern(place, action, key, pattern, 'invalid property')
  const { min, max } = action
  if (typeof min === 'string' && typeof max === 'string' && min.toLowerCase() >= max.toLowerCase()) {
    place.at('max').problem('max must be later than min')
  }
}
