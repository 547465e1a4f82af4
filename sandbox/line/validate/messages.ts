import { badRequest, type ErrorDetail } from '../errors.ts'
import type { Fields, Message } from '../types.ts'
import { checkAction, inQuickReply } from './actions.ts'
import {
  checkChoice,
  checkEach,
  checkFields,
  checkMediaUrl,
  checkNumber,
  checkPattern,
  checkText,
  dotted,
  isAbsent,
  isFields,
  type Place,
  pointer,
} from './check.ts'
import { checkFlex } from './flex.ts'
import { checkImagemap } from './imagemap.ts'
import { checkTemplate } from './templates.ts'

const MOST_MESSAGES = 5
const LONGEST_TEXT = 5000
/** The same for Flex, templates and imagemaps since the limit of 400 was lifted. */
const LONGEST_ALT_TEXT = 1500

/**
 * Checks the `messages` of a reply, push or multicast against every documented limit.
 * Throws LINE's 400 with one detail for each thing that is wrong.
 */
export function checkMessages(body: Fields): Message[] {
  const problems: ErrorDetail[] = []
  const root = dotted(problems)
  const limits = { required: true, min: 1, max: MOST_MESSAGES }
  const messages = checkEach(root, body, 'messages', limits, checkMessage)
  for (const message of messages.slice(0, -1)) {
    // The app drops quick replies as soon as another message follows; here that mistake is loud.
    if (isAbsent(message['quickReply'])) continue
    const here = root.at('messages').at(messages.indexOf(message))
    here.at('quickReply').problem('Only the last message can have quick replies')
  }
  if (problems.length > 0) throw badRequest(`The request body has ${problems.length} error(s)`, problems)
  messages.forEach((message, index) => {
    checkFlexOf(message as Message, index)
  })
  return messages as Message[]
}

function checkMessage(place: Place, message: Fields): void {
  const kind = checkChoice(place, message, 'type', Object.keys(kinds), { required: true })
  if (!kind) return
  kinds[kind]?.(place, message)
  checkSender(place, message)
  checkQuickReply(place, message)
}

/** The platform reports a faulty container apart, with paths that begin inside it. */
function checkFlexOf(message: Message, index: number): void {
  if (message.type !== 'flex') return
  const problems: ErrorDetail[] = []
  checkFlex(pointer(problems), message['contents'])
  if (problems.length > 0) {
    throw badRequest(`A message (messages[${index}]) in the request body is invalid`, problems)
  }
}

const kinds: Record<string, (place: Place, message: Fields) => void> = {
  text(place, message) {
    checkText(place, message, 'text', { max: LONGEST_TEXT, required: true })
    checkQuote(place, message)
    checkEmojis(place, message)
  },
  textV2(place, message) {
    checkText(place, message, 'text', { max: LONGEST_TEXT, required: true })
    checkQuote(place, message)
    checkSubstitution(place, message)
  },
  sticker(place, message) {
    for (const key of ['packageId', 'stickerId']) {
      checkPattern(place, message, key, /^\d+$/, 'Must be a string of digits', { required: true })
    }
    checkQuote(place, message)
  },
  image: media,
  video(place, message) {
    media(place, message)
    checkPattern(place, message, 'trackingId', /^[\w.:=,+*?$&%!-]{1,100}$/, 'invalid trackingId')
  },
  audio(place, message) {
    checkMediaUrl(place, message, 'originalContentUrl', { required: true })
    checkNumber(place, message, 'duration', { required: true, min: 1 })
  },
  location(place, message) {
    checkText(place, message, 'title', { max: 100, required: true })
    checkText(place, message, 'address', { max: 100, required: true })
    checkNumber(place, message, 'latitude', { required: true, min: -90, max: 90, whole: false })
    checkNumber(place, message, 'longitude', { required: true, min: -180, max: 180, whole: false })
  },
  imagemap(place, message) {
    altText(place, message)
    checkImagemap(place, message)
  },
  template(place, message) {
    altText(place, message)
    checkTemplate(place, message)
  },
  flex(place, message) {
    altText(place, message)
    checkFields(place, message, 'contents', { required: true })
  },
}

function media(place: Place, message: Fields): void {
  checkMediaUrl(place, message, 'originalContentUrl', { required: true })
  checkMediaUrl(place, message, 'previewImageUrl', { required: true })
}

const altText = (place: Place, message: Fields): void =>
  void checkText(place, message, 'altText', { max: LONGEST_ALT_TEXT, required: true })

const checkQuote = (place: Place, message: Fields): void =>
  void checkText(place, message, 'quoteToken', { max: 1000 })

/** Each LINE emoji stands for one `$` of the text. */
function checkEmojis(place: Place, message: Fields): void {
  const text = typeof message['text'] === 'string' ? message['text'] : ''
  checkEach(place, message, 'emojis', { max: 20 }, (here, emoji) => {
    const index = checkNumber(here, emoji, 'index', { required: true, min: 0 })
    if (index !== undefined && text[index] !== '$') here.at('index').problem('There is no $ at this index')
    checkEmoji(here, emoji)
  })
}

function checkEmoji(place: Place, emoji: Fields): void {
  for (const key of ['productId', 'emojiId']) {
    checkPattern(place, emoji, key, /^[0-9a-f]{1,40}$/, 'invalid property', { required: true })
  }
}

/** `{name}` in the text must have its entry, and every name is 1 to 20 letters, digits or underscores. */
function checkSubstitution(place: Place, message: Fields): void {
  const text = typeof message['text'] === 'string' ? message['text'] : ''
  const given = checkFields(place, message, 'substitution') ?? {}
  const bare = text.replaceAll('{{', '').replaceAll('}}', '')
  for (const [, name = ''] of bare.matchAll(/\{([^{}]*)\}/g)) {
    if (!/^[a-zA-Z0-9_]{1,20}$/.test(name)) {
      place
        .at('text')
        .problem(`The key '${name}' enclosed in '{}' does not match the pattern '^[a-zA-Z0-9_]{1,20}$'.`)
    } else if (!(name in given)) place.at('substitution').problem(`There is no entry for '${name}'`)
  }
  for (const [name, value] of Object.entries(given)) {
    const here = place.at('substitution').at(name)
    if (!isFields(value)) here.problem('Must be an object')
    else if (value['type'] === 'emoji') checkEmoji(here, value)
    else if (value['type'] === 'mention') checkMentionee(here, value)
    else here.problem('Must be one of the following values: [mention, emoji]')
  }
}

function checkMentionee(place: Place, mention: Fields): void {
  const mentionee = checkFields(place, mention, 'mentionee', { required: true })
  if (!mentionee) return
  const here = place.at('mentionee')
  const kind = checkChoice(here, mentionee, 'type', ['user', 'all'], { required: true })
  if (kind === 'user') checkText(here, mentionee, 'userId', { max: 33, required: true })
}

function checkSender(place: Place, message: Fields): void {
  const sender = checkFields(place, message, 'sender')
  if (!sender) return
  const name = checkText(place.at('sender'), sender, 'name', { max: 20 })
  if (name && /line/i.test(name)) place.at('sender').at('name').problem('Must not contain "LINE"')
  checkMediaUrl(place.at('sender'), sender, 'iconUrl')
}

function checkQuickReply(place: Place, message: Fields): void {
  const quickReply = checkFields(place, message, 'quickReply')
  if (!quickReply) return
  const inside = place.at('quickReply')
  checkEach(inside, quickReply, 'items', { required: true, min: 1, max: 13 }, (here, item) => {
    checkChoice(here, item, 'type', ['action'], { required: true })
    checkMediaUrl(here, item, 'imageUrl')
    checkAction(here.at('action'), item['action'], inQuickReply)
  })
}
