/** Relative luminance and contrast as WCAG 2 defines them. */
export type Rgb = [number, number, number]

export function readColour(text: string): Rgb | null {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text)
  if (!match) return null
  return [match[1], match[2], match[3]].map((part) => Number.parseInt(part ?? '', 16)) as Rgb
}

export const writeColour = (colour: Rgb): string =>
  `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`

const luminance = (colour: Rgb): number => {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** What `--brand-soft` comes out as: a tenth of the colour on white. */
export const softened = (colour: Rgb): Rgb => colour.map((part) => 255 - (255 - part) * 0.1) as Rgb

/**
 * The shop's colour, darkened until text in it can be read (4.5:1) on the grounds that the screens put it on: white,
 * the page's ground, and its own soft shade. Null for what is no #RRGGBB.
 */
export function readableBrand(text: string): string | null {
  let colour = readColour(text)
  if (!colour) return null
  const ground: Rgb = [245, 244, 240]
  while (Math.min(contrast(colour, ground), contrast(colour, softened(colour))) < 4.5) {
    colour = colour.map((part) => part * 0.96) as Rgb
  }
  return writeColour(colour)
}
