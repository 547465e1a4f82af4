const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * The first `limit` UTF-16 units of a text, which is how chat platforms count, cut between what readers see as
 * letters: never inside an emoji, or between a Thai consonant and its vowel sign.
 */
export function cut(text: string, limit: number, mark = '…'): string {
  if (text.length <= limit) return text
  return text.slice(0, safePlace(text, limit - mark.length)) + mark
}

/** Cuts a long text into pieces that each fit, at the end of a line or a word where one is near. */
export function split(text: string, limit: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > limit) {
    const at = breakNear(rest, limit)
    pieces.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).trimStart()
  }
  if (rest) pieces.push(rest)
  return pieces.filter((piece) => piece.trim() !== '')
}

function breakNear(text: string, limit: number): number {
  const tail = text.slice(limit - Math.floor(limit / 10), limit)
  const line = tail.lastIndexOf('\n')
  const word = line >= 0 ? line : tail.lastIndexOf(' ')
  return word >= 0 ? limit - tail.length + word + 1 : safePlace(text, limit)
}

function safePlace(text: string, limit: number): number {
  // Only the surroundings: a text may be long, and one letter may be made of many signs.
  const from = Math.max(0, limit - 200)
  const start = from + (isLowSurrogate(text, from) ? 1 : 0)
  const letter = graphemes.segment(text.slice(start, limit + 200)).containing(limit - start)
  const at = letter ? start + letter.index : limit
  if (at > 0 && at > start) return at
  return isLowSurrogate(text, limit) ? limit - 1 : limit
}

const isLowSurrogate = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}

/**
 * A name as people chose it, without what would turn the words around it, and empty where nothing of it can be seen.
 * What joins letters and emoji stays.
 */
export function tidyName(name: string): string {
  const plain = name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '').trim()
  return /[^\s\p{Cc}\p{Cf}\p{Z}]/u.test(plain) ? plain : ''
}
