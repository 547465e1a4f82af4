/** A picture of somebody who has none: the first letter of the name on a colour. */
export function pictureOf(name: string, colour: string | undefined): string {
  const letter = [...name.trim()].find((sign) => /\p{L}|\p{N}/u.test(sign)) ?? '?'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="${colour}"/><text x="48" y="62" text-anchor="middle" font-family="system-ui,sans-serif" font-size="42" font-weight="600" fill="#fff">${letter}</text></svg>`
}
