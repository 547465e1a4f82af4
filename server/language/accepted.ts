/** The language that somebody has chosen on a page of ours: the page keeps it in a cookie. */
export const chosenLanguage = (cookies: string | undefined): string | undefined =>
  /(?:^|;\s*)language=(\w+)/.exec(cookies ?? '')?.[1]

/** Names of languages that old phones still use. */
const renamed: Record<string, string> = { in: 'id' }

/** The languages that a browser asks for ("ja-JP,ja;q=0.9,en;q=0.5"), the dearest first, without their countries. */
export function acceptedLanguages(header: string | undefined): string[] {
  const wishes = (header ?? '').split(',').map((wish) => {
    const [tag = '', ...rest] = wish.trim().toLowerCase().split(';')
    const weight = rest.find((one) => one.trim().startsWith('q='))?.trim()
    const name = /^[a-z]+/.exec(tag)?.[0] ?? ''
    return { name: renamed[name] ?? name, weight: weight ? Number(weight.slice(2)) || 0 : 1 }
  })
  const wanted = wishes.filter(({ name, weight }) => name && weight > 0)
  return [...new Set(wanted.toSorted((one, other) => other.weight - one.weight).map(({ name }) => name))]
}
