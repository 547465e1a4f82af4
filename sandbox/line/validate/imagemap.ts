import type { Fields } from '../types.ts'
import {
  checkChoice,
  checkEach,
  checkFields,
  checkMediaUrl,
  checkNumber,
  checkText,
  type Place,
} from './check.ts'

/** Checks an imagemap: a picture 1040 wide in the platform's own units, with areas to tap. */
export function checkImagemap(place: Place, message: Fields): void {
  checkMediaUrl(place, message, 'baseUrl', { required: true })
  const size = checkFields(place, message, 'baseSize', { required: true })
  if (size) {
    const here = place.at('baseSize')
    checkNumber(here, size, 'width', { required: true, min: 1040, max: 1040 })
    checkNumber(here, size, 'height', { required: true, min: 1 })
  }
  checkEach(place, message, 'actions', { required: true, min: 1, max: 50 }, (here, action) => {
    checkArea(here, action)
    const kind = checkChoice(here, action, 'type', ['uri', 'message', 'clipboard'], { required: true })
    if (kind === 'uri') checkText(here, action, 'linkUri', { max: 1000, required: true })
    if (kind === 'message') checkText(here, action, 'text', { max: 400, required: true })
    if (kind === 'clipboard') checkText(here, action, 'clipboardText', { max: 1000, required: true })
    checkText(here, action, 'label', { max: 100 })
  })
  const video = checkFields(place, message, 'video')
  if (!video) return
  const here = place.at('video')
  checkMediaUrl(here, video, 'originalContentUrl', { required: true })
  checkMediaUrl(here, video, 'previewImageUrl', { required: true })
  checkArea(here, video)
  const link = checkFields(here, video, 'externalLink')
  if (!link) return
  checkMediaUrl(here.at('externalLink'), link, 'linkUri', { required: true, max: 1000 })
  checkText(here.at('externalLink'), link, 'label', { max: 30, required: true })
}

function checkArea(place: Place, owner: Fields): void {
  const area = checkFields(place, owner, 'area', { required: true })
  if (!area) return
  for (const key of ['x', 'y', 'width', 'height']) {
    checkNumber(place.at('area'), area, key, { required: true, min: 0 })
  }
}
