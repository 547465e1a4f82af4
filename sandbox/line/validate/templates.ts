import type { Fields } from '../types.ts'
import { checkAction, inImageCarousel, inTemplate } from './actions.ts'
import {
  checkChoice,
  checkColor,
  checkEach,
  checkFields,
  checkMediaUrl,
  checkText,
  isAbsent,
  type Place,
} from './check.ts'

const COLUMNS = { required: true, min: 1, max: 10 }
const TEMPLATES = ['buttons', 'confirm', 'carousel', 'image_carousel'] as const

/** Checks the `template` of a template message. */
export function checkTemplate(place: Place, message: Fields): void {
  const template = checkFields(place, message, 'template', { required: true })
  if (!template) return
  const inside = place.at('template')
  const kind = checkChoice(inside, template, 'type', TEMPLATES, { required: true })
  if (kind === 'buttons') buttons(inside, template)
  if (kind === 'confirm') confirm(inside, template)
  if (kind === 'carousel') carousel(inside, template)
  if (kind === 'image_carousel') imageCarousel(inside, template)
}

function buttons(place: Place, template: Fields): void {
  imageStyle(place, template)
  column(place, template, { plainText: 160, maxActions: 4 })
}

function confirm(place: Place, template: Fields): void {
  checkText(place, template, 'text', { max: 240, required: true })
  actions(place, template, 2, 2)
}

function carousel(place: Place, template: Fields): void {
  imageStyle(place, template)
  const columns = checkEach(place, template, 'columns', COLUMNS, (here, value) => {
    column(here, value, { plainText: 120, maxActions: 3 })
  })
  if (!allAlike(columns)) {
    place.at('columns').problem('All columns must have the same number of actions, and image and title alike')
  }
}

/** LINE lines the columns up: what one has, all must have. */
function allAlike(columns: Fields[]): boolean {
  const shapes = columns.map((column) => {
    const count = Array.isArray(column['actions']) ? column['actions'].length : 0
    return `${count} ${isAbsent(column['thumbnailImageUrl'])} ${isAbsent(column['title'])}`
  })
  return new Set(shapes).size <= 1
}

function imageCarousel(place: Place, template: Fields): void {
  checkEach(place, template, 'columns', COLUMNS, (here, value) => {
    checkMediaUrl(here, value, 'imageUrl', { required: true })
    if (checkFields(here, value, 'action', { required: true })) {
      checkAction(here.at('action'), value['action'], inImageCarousel)
    }
  })
}

function column(place: Place, fields: Fields, limits: { plainText: number; maxActions: number }): void {
  checkMediaUrl(place, fields, 'thumbnailImageUrl')
  checkColor(place, fields, 'imageBackgroundColor')
  checkText(place, fields, 'title', { max: 40 })
  const crowded = !isAbsent(fields['title']) || !isAbsent(fields['thumbnailImageUrl'])
  checkText(place, fields, 'text', { max: crowded ? 60 : limits.plainText, required: true })
  if (!isAbsent(fields['defaultAction'])) {
    checkAction(place.at('defaultAction'), fields['defaultAction'], {
      ...inTemplate,
      label: { required: false, max: 20 },
    })
  }
  actions(place, fields, 1, limits.maxActions)
}

function actions(place: Place, fields: Fields, min: number, max: number): void {
  checkEach(place, fields, 'actions', { required: true, min, max }, (here, action) => {
    checkAction(here, action, inTemplate)
  })
}

function imageStyle(place: Place, template: Fields): void {
  checkChoice(place, template, 'imageAspectRatio', ['rectangle', 'square'])
  checkChoice(place, template, 'imageSize', ['cover', 'contain'])
}
