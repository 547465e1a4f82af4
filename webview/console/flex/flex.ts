import type { StyleValue } from 'vue'

/** A part of a card, as the platform's JSON has it. Nothing in it is trusted: each value is checked when drawn. */
export type FlexNode = Record<string, unknown>
type Layout = 'horizontal' | 'vertical' | 'baseline'

const spacings: Record<string, string> = {
  none: '0',
  xs: '2px',
  sm: '4px',
  md: '8px',
  lg: '12px',
  xl: '16px',
  xxl: '20px',
}
const textSizes: Record<string, string> = {
  xxs: '11px',
  xs: '12px',
  sm: '13px',
  md: '15px',
  lg: '17px',
  xl: '20px',
  xxl: '26px',
  '3xl': '31px',
  '4xl': '42px',
  '5xl': '62px',
}
const imageWidths: Record<string, string> = {
  xxs: '40px',
  xs: '60px',
  sm: '80px',
  md: '100px',
  lg: '120px',
  xl: '140px',
  xxl: '160px',
  '3xl': '180px',
  '4xl': '200px',
  '5xl': '220px',
  full: '100%',
}
const bubbleWidths: Record<string, string> = {
  nano: '120px',
  micro: '160px',
  deca: '220px',
  hecto: '241px',
  kilo: '260px',
  mega: '290px',
  giga: '320px',
}
const crossPlaces: Record<string, string> = {
  top: 'flex-start',
  center: 'center',
  bottom: 'flex-end',
  start: 'flex-start',
  end: 'flex-end',
  'flex-start': 'flex-start',
  'flex-end': 'flex-end',
}
const mainPlaces: Record<string, string> = {
  ...crossPlaces,
  'space-between': 'space-between',
  'space-around': 'space-around',
  'space-evenly': 'space-evenly',
}

export const isNode = (value: unknown): value is FlexNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const nodesOf = (value: unknown): FlexNode[] => (Array.isArray(value) ? value.filter(isNode) : [])
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Only pictures that a browser may fetch: no other scheme is ever put into the page. */
export const imageUrl = (value: unknown): string =>
  /^(https?:\/\/|\/)/i.test(textOf(value)) ? textOf(value) : ''

export function colour(value: unknown): string | undefined {
  const text = textOf(value)
  return /^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(text) ? text : undefined
}

function length(value: unknown, words: Record<string, string> = {}): string | undefined {
  const text = textOf(value)
  return words[text] ?? (/^-?\d{1,4}(\.\d+)?(px|%)$/.test(text) ? text : undefined)
}

export const bubbleWidth = (bubble: FlexNode): string => bubbleWidths[textOf(bubble['size'])] ?? '290px'

/** How a part stands in the box around it. */
function placed(node: FlexNode, parent: Layout): Record<string, string | undefined> {
  const flex =
    typeof node['flex'] === 'number' ? node['flex'] : parent === 'vertical' ? undefined : defaultFlex(node)
  const margin = length(node['margin'], spacings)
  return {
    flex: flex === undefined ? undefined : flex === 0 ? '0 0 auto' : `${flex} 1 0`,
    [parent === 'vertical' ? 'marginTop' : 'marginLeft']: margin,
    alignSelf: parent === 'horizontal' ? crossPlaces[textOf(node['gravity'])] : undefined,
  }
}

const defaultFlex = (node: FlexNode) => (['icon', 'separator'].includes(textOf(node['type'])) ? 0 : 1)

export const layoutOf = (box: FlexNode): Layout =>
  box['layout'] === 'horizontal' || box['layout'] === 'baseline' ? box['layout'] : 'vertical'

export function boxStyle(box: FlexNode, parent: Layout = 'vertical'): StyleValue {
  const layout = layoutOf(box)
  const all = length(box['paddingAll'], spacings)
  const side = (name: string) => length(box[name], spacings) ?? all
  return {
    ...placed(box, parent),
    display: 'flex',
    flexDirection: layout === 'vertical' ? 'column' : 'row',
    gap: length(box['spacing'], spacings),
    alignItems: crossPlaces[textOf(box['alignItems'])] ?? (layout === 'baseline' ? 'baseline' : 'stretch'),
    justifyContent: mainPlaces[textOf(box['justifyContent'])],
    background: colour(box['backgroundColor']),
    borderRadius: length(box['cornerRadius'], { ...spacings, xs: '2px', sm: '4px', md: '8px' }),
    border:
      colour(box['borderColor']) &&
      `${length(box['borderWidth']) ?? '1px'} solid ${colour(box['borderColor'])}`,
    width: length(box['width']),
    height: length(box['height']),
    paddingTop: side('paddingTop'),
    paddingBottom: side('paddingBottom'),
    paddingLeft: side('paddingStart'),
    paddingRight: side('paddingEnd'),
  } as StyleValue
}

export function textStyle(node: FlexNode, parent: Layout): StyleValue {
  const wraps = node['wrap'] === true
  const lines = typeof node['maxLines'] === 'number' && node['maxLines'] > 0 ? node['maxLines'] : null
  return {
    ...placed(node, parent),
    ...spanStyleOf(node, true),
    textAlign: ({ end: 'right', center: 'center' } as const)[textOf(node['align'])] ?? 'left',
    whiteSpace: wraps ? 'pre-wrap' : 'nowrap',
    ...(wraps && lines && { display: '-webkit-box', WebkitLineClamp: lines, WebkitBoxOrient: 'vertical' }),
  } as StyleValue
}

export const spanStyle = (node: FlexNode): StyleValue => spanStyleOf(node, false) as StyleValue

function spanStyleOf(node: FlexNode, whole: boolean): Record<string, string | undefined> {
  return {
    fontSize: length(node['size'], textSizes) ?? (whole ? '15px' : undefined),
    fontWeight: node['weight'] === 'bold' ? '700' : undefined,
    fontStyle: node['style'] === 'italic' ? 'italic' : undefined,
    color: colour(node['color']),
    textDecoration: ({ underline: 'underline', 'line-through': 'line-through' } as const)[
      textOf(node['decoration'])
    ],
  }
}

export function imageStyle(node: FlexNode, parent: Layout): StyleValue {
  const ratio = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(textOf(node['aspectRatio']))
  return {
    ...placed(node, parent),
    width: length(node['size'], imageWidths) ?? '100px',
    aspectRatio: ratio ? `${ratio[1]} / ${ratio[2]}` : '1',
    objectFit: node['aspectMode'] === 'cover' ? 'cover' : 'contain',
    background: colour(node['backgroundColor']),
    alignSelf: ({ start: 'flex-start', end: 'flex-end' } as const)[textOf(node['align'])] ?? 'center',
  } as StyleValue
}

export function buttonStyle(node: FlexNode, parent: Layout): StyleValue {
  const tint = colour(node['color'])
  const style = textOf(node['style']) || 'link'
  return {
    ...placed(node, parent),
    minHeight: node['height'] === 'sm' ? '36px' : '44px',
    background:
      style === 'primary' ? (tint ?? '#067d38') : style === 'secondary' ? (tint ?? '#dcdfe5') : 'none',
    color: style === 'primary' ? '#fff' : style === 'secondary' ? '#111' : (tint ?? '#33557f'),
  } as StyleValue
}

export const separatorStyle = (node: FlexNode, parent: Layout): StyleValue =>
  ({
    ...placed(node, parent),
    alignSelf: 'stretch',
    background: colour(node['color']) ?? '#d4d6da',
    [parent === 'vertical' ? 'height' : 'width']: '1px',
  }) as StyleValue

export const actionLabel = (node: FlexNode): string =>
  isNode(node['action']) ? textOf(node['action']['label']) : ''
