/** Words without which hardly any English sentence does. */
const helpers =
  /(?<![\w-])(?:is|are|was|has|the|this|that|and|or|to|of|in|into|it|its|no|not|nothing|nobody|with|from|for|by|under|as|at|on|yet|again|your|then|there)(?![\w-])/i

/** Addresses, commands, settings and the places of values are the same in every language. */
const sameEverywhere = /\{\w+\}|https?:\S+|npm run [\w:-]+|[A-Z]+(?:_[A-Z]+)+|\.env/g

/** The English in a text that should have none: the word that gives it away, with what stands around it. */
export function englishIn(text: string): string | undefined {
  const bare = text.replaceAll(sameEverywhere, ' ')
  const found = helpers.exec(bare)
  return found ? bare.slice(Math.max(0, found.index - 30), found.index + 30) : undefined
}
