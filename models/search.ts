/*
 * Search inside names. Thai and Japanese write no spaces, so a name is cut into every run of one, two and three
 * characters, and an index on those answers. Written and asked words are folded alike.
 */

const longestGram = 3
const mostTerms = 400

/** Letters as they are compared: one width, no case, no Latin accents, katakana as hiragana. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .replace(/[^\p{L}\p{N}\p{M}\u30fc]+/gu, ' ')
    .trim()
}

/** What a text is found by: each word, and every short run of characters inside it. */
export function searchTermsOf(text: string): string[] {
  const terms = new Set<string>()
  for (const word of wordsOf(text)) {
    terms.add(word)
    for (let length = 1; length <= longestGram; length += 1)
      for (const gram of grams(word, length)) terms.add(gram)
  }
  return [...terms].slice(0, mostTerms)
}

/** The terms that a text must all have to contain what is asked for. Empty when nothing is asked. */
export function askedTerms(question: string): string[] {
  return [
    ...new Set(wordsOf(question).flatMap((word) => grams(word, Math.min(longestGram, [...word].length)))),
  ]
}

/** The words of a text, folded. */
export const wordsOf = (text: string): string[] => fold(text).split(' ').filter(Boolean)

function grams(word: string, length: number): string[] {
  const letters = [...word]
  return letters.slice(0, letters.length - length + 1).map((_, at) => letters.slice(at, at + length).join(''))
}
