// Small helpers that every part of the phone uses.

/** An element with properties (`class`, `dataset`, `style` and `on…` included) and children. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2).toLowerCase(), value)
    else if (name === 'style') Object.assign(element.style, value)
    else if (name === 'dataset') Object.assign(element.dataset, value)
    else if (name in element && name !== 'role') element[name] = value
    else element.setAttribute(name === 'class' ? 'class' : name, value === true ? '' : value)
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined))
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** A line drawing of 24 by 24 that takes the colour of its text. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', PATHS[name])
  svg.append(path)
  return svg
}

const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M15 5l-7 7 7 7',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.6-3.6 3-5.5 6.5-5.5s5.900 1.900 6.500 5.500M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.800c2 .8 3.200 2.600 3.500 5.200',
  send: 'M4 12l16-8-5 16-3.500-6.500z',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9.500h.01',
  smile:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14c.8 1.300 2 2 3.500 2s2.700-.7 3.500-2M9 9.500h.01M15 9.500h.01',
  menu: 'M4 7h16M4 12h16M4 17h16',
  plus: 'M12 5v14M5 12h14',
  out: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  reload: 'M19 12a7 7 0 1 1-2-5M19 3v5h-5',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  pin: 'M12 21s-6.500-6.300-6.500-11.200a6.500 6.500 0 0 1 13 0C18.500 14.700 12 21 12 21zM12 12a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  file: 'M7 3h7l5 5v13H7zM14 3v5h5',
  play: 'M8 5l11 7-11 7z',
}

export const $ = (selector, root = document) => root.querySelector(selector)

let toastTimer

/** A short word at the bottom of the phone, also read aloud. */
export function toast(text) {
  const place = $('#toast')
  place.textContent = text
  place.dataset.shown = 'true'
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => {
    place.dataset.shown = 'false'
  }, 2600)
}
