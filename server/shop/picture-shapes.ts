// What the sample pictures are put together from. Sizes and places are in a square of 400 by 400; answers are SVG.

export const circle = (x: number, y: number, radius: number, fill: string, more = '') =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" ${more}/>`
export const oval = (x: number, y: number, rx: number, ry: number, fill: string, more = '') =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" ${more}/>`
export const box = (
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  round = 0,
  more = '',
) => `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="${fill}" ${more}/>`
export const shape = (d: string, fill: string, more = '') => `<path d="${d}" fill="${fill}" ${more}/>`
export const line = (d: string, colour: string, width: number) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round"/>`
export const around = (count: number, draw: (angle: number, index: number) => string) =>
  Array.from({ length: count }, (_, index) => draw((index * 360) / count, index)).join('')
export const turned = (angle: number, x: number, y: number, inner: string) =>
  `<g transform="rotate(${angle} ${x} ${y})">${inner}</g>`
export const moved = (x: number, y: number, scale: number, inner: string) =>
  `<g transform="translate(${x} ${y}) scale(${scale})">${inner}</g>`
export const shadow = (x: number, y: number, width: number) =>
  oval(x, y, width, width / 9, '#000', 'opacity=".13"')
export const shine = (d: string, width = 7) => `<g opacity=".55">${line(d, '#fff', width)}</g>`
export const leaf = (x: number, y: number, angle: number, length = 60) =>
  turned(
    angle,
    x,
    y,
    shape(
      `M${x} ${y}q${length * 0.5} ${-length * 0.42} ${length} 0q${-length * 0.5} ${length * 0.42} ${-length} 0z`,
      '#3f8f4f',
    ) + line(`M${x + 6} ${y}h${length - 16}`, '#2d6f3b', 2),
  )

/** A cut half: rind, pith and segments. */
export const halfFruit = (x: number, y: number, radius: number, rind: string, flesh: string) =>
  circle(x, y, radius, rind) +
  circle(x, y, radius * 0.9, '#fff8e4') +
  around(10, (angle) =>
    turned(
      angle,
      x,
      y,
      shape(
        `M${x} ${y - radius * 0.1}L${x - radius * 0.22} ${y - radius * 0.66}q${radius * 0.22} ${-radius * 0.2} ${radius * 0.44} 0z`,
        flesh,
      ),
    ),
  ) +
  circle(x, y, radius * 0.08, '#fff8e4')

export const jar = (content: string, lid: string, label: string) =>
  shadow(200, 334, 100) +
  box(112, 122, 176, 212, '#fff', 30, 'opacity=".75"') +
  box(120, 150, 160, 176, content, 24) +
  box(118, 92, 164, 40, lid, 12) +
  box(118, 112, 164, 8, '#000', 0, 'opacity=".12"') +
  box(120, 196, 160, 84, label, 4) +
  shine('M134 158v26M134 292v18')

export const bag = (colour: string, band: string) =>
  shadow(200, 346, 104) +
  shape('M112 86h176l14 250q-102 16 -204 0z', colour) +
  box(108, 74, 184, 26, band, 6) +
  line('M122 87h156', '#fff', 2) +
  shine('M128 120l-10 190', 6)

export const mango = (x: number, y: number, scale: number) =>
  moved(
    x,
    y,
    scale,
    shape('M-70 12C-80 -52 -12 -84 44 -54C96 -26 92 44 34 66C-16 86 -62 66 -70 12z', '#f7b733') +
      shape('M44 -54C96 -26 92 44 34 66C62 30 70 -10 44 -54z', '#ec8f2b', 'opacity=".8"') +
      shine('M-46 -8q10 -30 40 -36'),
  )
