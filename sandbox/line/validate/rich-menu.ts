import { badRequest, type ErrorDetail } from '../errors.ts'
import type { Fields } from '../types.ts'
import { checkAction, inRichMenu } from './actions.ts'
import { checkEach, checkFields, checkFlag, checkNumber, checkText, dotted, type Place } from './check.ts'

/** The picture's own limits, which the menu's size must repeat. */
export const menuSize = { minWidth: 800, maxWidth: 2500, minHeight: 250, minRatio: 1.45 }

/** Checks a rich menu object; throws LINE's 400. */
export function checkRichMenu(body: Fields): void {
  const problems: ErrorDetail[] = []
  const root = dotted(problems)
  const size = checkFields(root, body, 'size', { required: true }) ?? {}
  const { minWidth, maxWidth, minHeight, minRatio } = menuSize
  const width = checkNumber(root.at('size'), size, 'width', { required: true, min: minWidth, max: maxWidth })
  const height = checkNumber(root.at('size'), size, 'height', { required: true, min: minHeight })
  if (width && height && width / height < minRatio) {
    root.at('size').problem(`The aspect ratio (width / height) must be at least ${minRatio}`)
  }
  if (body['selected'] === undefined) root.at('selected').problem('May not be empty')
  checkFlag(root, body, 'selected')
  checkText(root, body, 'name', { max: 300, required: true })
  checkText(root, body, 'chatBarText', { max: 14, required: true })
  const menu = { width: width ?? maxWidth, height: height ?? maxWidth }
  checkEach(root, body, 'areas', { required: true, max: 20 }, (here, area) => {
    const bounds = checkFields(here, area, 'bounds', { required: true })
    if (bounds) checkBounds(here.at('bounds'), bounds, menu)
    checkAction(here.at('action'), area['action'], inRichMenu)
  })
  if (problems.length > 0) throw badRequest(`The request body has ${problems.length} error(s)`, problems)
}

/** An area to tap must lie within the menu. */
function checkBounds(place: Place, bounds: Fields, menu: { width: number; height: number }): void {
  const x = checkNumber(place, bounds, 'x', { required: true, min: 0, max: menu.width }) ?? 0
  const y = checkNumber(place, bounds, 'y', { required: true, min: 0, max: menu.height }) ?? 0
  checkNumber(place, bounds, 'width', { required: true, min: 1, max: menu.width - x })
  checkNumber(place, bounds, 'height', { required: true, min: 1, max: menu.height - y })
}
