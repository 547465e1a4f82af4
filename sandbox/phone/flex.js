// Draws a Flex container from the very JSON that was sent.
import { h } from './dom.js'
import { BUBBLE_WIDTHS, borderSize, gapSize, imageSize, ratio, textSize } from './flex-sizes.js'

/** `perform(action)` is called for whatever is tapped. */
export function drawFlex(container, perform) {
  if (container.type === 'bubble') return drawBubble(container, perform)
  return h(
    'div',
    { class: 'flex-carousel', role: 'group', tabIndex: 0, ariaLabel: `${container.contents.length}` },
    container.contents.map((bubble) => drawBubble(bubble, perform)),
  )
}

function drawBubble(bubble, perform) {
  const size = bubble.size ?? 'mega'
  const element = h('div', {
    class: 'flex-bubble',
    dataset: { size },
    dir: bubble.direction ?? 'ltr',
    style: { width: `${BUBBLE_WIDTHS[size]}px` },
  })
  for (const name of ['header', 'hero', 'body', 'footer']) {
    if (!bubble[name]) continue
    const style = bubble.styles?.[name] ?? {}
    const block = h('div', { class: `flex-${name}`, style: { backgroundColor: style.backgroundColor } })
    if (style.separator && element.childElementCount > 0) {
      element.append(h('hr', { class: 'flex-line', style: { backgroundColor: style.separatorColor } }))
    }
    const part = draw(bubble[name], { layout: 'vertical', perform })
    // The style sheet gives blocks their padding and height, unless the box asks for its own.
    part.style.flex = ''
    if (name !== 'hero') part.classList.add('flex-block')
    block.append(part)
    element.append(block)
  }
  return tappable(element, bubble.action, perform)
}

/** `parent` is the box around: its layout decides what flex, gravity and separators mean. */
function draw(part, parent) {
  const element = parts[part.type]?.(part, parent)
  if (!element) return h('div')
  place(element, part, parent)
  return part.type === 'button' ? element : tappable(element, part.action, parent.perform)
}

const parts = { box, text, button, image, icon, video, separator, filler, spacer }

function box(part, { perform }) {
  const style = {
    backgroundColor: part.backgroundColor,
    borderColor: part.borderColor,
    width: part.width,
    maxWidth: part.maxWidth,
    height: part.height,
    maxHeight: part.maxHeight,
    justifyContent: part.justifyContent,
    alignItems: part.alignItems,
    borderRadius: gapSize(part.cornerRadius),
    padding: gapSize(part.paddingAll),
  }
  if (part.borderWidth)
    Object.assign(style, { borderStyle: 'solid', borderWidth: borderSize(part.borderWidth) })
  if (part.background) style.backgroundImage = gradient(part.background)
  const element = h('div', { class: `flex-box flex-${part.layout}`, style })
  for (const side of ['Top', 'Bottom']) {
    if (part[`padding${side}`]) element.style[`padding${side}`] = gapSize(part[`padding${side}`])
  }
  if (part.paddingStart) element.style.paddingInlineStart = gapSize(part.paddingStart)
  if (part.paddingEnd) element.style.paddingInlineEnd = gapSize(part.paddingEnd)
  const before = part.layout === 'vertical' ? 'marginTop' : 'marginInlineStart'
  let isFirst = true
  for (const content of part.contents ?? []) {
    const child = draw(content, { layout: part.layout, perform })
    const outOfFlow = content.position === 'absolute'
    const gap = content.margin ?? (isFirst || outOfFlow ? undefined : part.spacing)
    if (gap !== undefined && !(isFirst && content.margin === undefined)) child.style[before] = gapSize(gap)
    if (!outOfFlow) isFirst = false
    element.append(child)
  }
  return element
}

const gradient = ({ angle, startColor, endColor, centerColor, centerPosition = '50%' }) =>
  `linear-gradient(${angle}, ${[startColor, centerColor && `${centerColor} ${centerPosition}`, endColor]
    .filter(Boolean)
    .join(', ')})`

function text(part, { layout }) {
  const element = h('div', { class: 'flex-text', style: lettering(part) })
  if (part.wrap) element.classList.add('flex-wrap')
  if (part.maxLines > 0) {
    element.classList.add('flex-clamp')
    element.style.webkitLineClamp = part.maxLines
  }
  if (part.lineSpacing) element.style.lineHeight = `calc(1.4em + ${part.lineSpacing})`
  element.style.textAlign = part.align ?? 'start'
  if (part.contents?.length) {
    element.append(...part.contents.map((span) => h('span', { style: lettering(span) }, span.text ?? '')))
  } else element.append(part.text ?? '')
  if (layout !== 'vertical') align(element, part.gravity)
  return element
}

const lettering = (part) => ({
  fontSize: textSize(part.size),
  color: part.color,
  fontWeight: part.weight === 'bold' ? '700' : part.weight === 'regular' ? '400' : '',
  fontStyle: part.style === 'italic' ? 'italic' : '',
  textDecoration: part.decoration && part.decoration !== 'none' ? part.decoration : '',
})

function button(part, { perform, layout }) {
  const kind = part.style ?? 'link'
  const element = h(
    'button',
    {
      type: 'button',
      class: `flex-button flex-${kind}`,
      dataset: { height: part.height ?? 'md' },
      style: kind === 'link' ? { color: part.color } : { backgroundColor: part.color },
      onclick: () => perform(part.action),
    },
    h('span', {}, part.action?.label ?? ''),
  )
  if (layout !== 'vertical') align(element, part.gravity)
  return element
}

function image(part, { layout }) {
  const width = imageSize(part.size ?? 'md')
  const picture = h('img', {
    src: part.url,
    alt: part.action?.label ?? '',
    loading: 'lazy',
    style: {
      aspectRatio: ratio(part.aspectRatio),
      objectFit: part.aspectMode === 'cover' ? 'cover' : 'contain',
      backgroundColor: part.backgroundColor,
    },
  })
  const element = h('div', { class: 'flex-image', style: { maxWidth: width, width: '100%' } }, picture)
  const margins = { start: '0 auto 0 0', end: '0 0 0 auto', center: '0 auto' }
  const wrapper = h('div', { class: 'flex-image-place' }, element)
  element.style.margin = margins[part.align ?? 'center']
  if (layout !== 'vertical') align(wrapper, part.gravity)
  return wrapper
}

function icon(part) {
  const [width, height] = (part.aspectRatio ?? '1:1').split(':').map(Number)
  return h('img', {
    class: 'flex-icon',
    src: part.url,
    alt: '',
    style: { fontSize: textSize(part.size ?? 'md'), width: `${width / height}em` },
  })
}

function video(part) {
  const style = { aspectRatio: ratio(part.aspectRatio) }
  return h('video', { class: 'flex-video', src: part.url, poster: part.previewUrl, controls: true, style })
}

function separator(part, { layout }) {
  const kind = layout === 'horizontal' ? 'flex-rule' : 'flex-line'
  return h('hr', { class: kind, style: { backgroundColor: part.color } })
}

function filler() {
  return h('div', { class: 'flex-filler' })
}

/** Withdrawn by LINE, but old cards have it: an empty piece of the given size. */
function spacer(part) {
  return h('div', { style: { padding: `calc(${gapSize(part.size ?? 'md')} / 2)` } })
}

const SIDES = { top: 'flex-start', center: 'center', bottom: 'flex-end' }

function align(element, gravity) {
  if (gravity) element.style.alignSelf = SIDES[gravity]
}

/** How a part shares its parent's space, and where it is moved. */
function place(element, part, { layout }) {
  const shares = layout === 'vertical' ? 0 : part.type === 'icon' || part.type === 'separator' ? 0 : 1
  const flex = part.flex ?? (part.type === 'filler' ? 1 : part.width && part.type === 'box' ? 0 : shares)
  if (flex > 0) element.style.flex = `${flex} 1 0`
  else element.style.flex = 'none'
  if (layout === 'vertical' && flex > 0) element.style.flexBasis = 'auto'
  if (layout === 'vertical' && part.gravity && part.gravity !== 'top') {
    element.style.marginTop = 'auto'
    if (part.gravity === 'center') element.style.marginBottom = 'auto'
  }
  if (part.position) element.style.position = part.position
  const offsets = {
    offsetTop: 'top',
    offsetBottom: 'bottom',
    offsetStart: 'insetInlineStart',
    offsetEnd: 'insetInlineEnd',
  }
  for (const [key, property] of Object.entries(offsets)) {
    if (!part[key]) continue
    if (!part.position) element.style.position = 'relative'
    element.style[property] = gapSize(part[key])
  }
}

/** A part with an action can be tapped, and reached by keyboard. */
function tappable(element, action, perform) {
  if (!action) return element
  element.classList.add('flex-tappable')
  element.tabIndex = 0
  element.setAttribute('role', 'button')
  if (action.label) element.setAttribute('aria-label', action.label)
  const tap = (event) => {
    // A part inside with an action of its own goes first.
    event.stopPropagation()
    perform(action)
  }
  element.addEventListener('click', tap)
  element.addEventListener('keydown', (event) => {
    if (event.target === element && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      tap(event)
    }
  })
  return element
}
