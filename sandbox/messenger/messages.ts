import { address, fields, isFields, list, only, text } from './checks.ts'
import { badParameter } from './errors.ts'
import { checkTemplate, type Domains } from './templates.ts'
import type { Fields } from './types.ts'

const media = ['image', 'video', 'audio', 'file']

/** Checks a message that the shop wants to send; throws Meta's refusal. */
export function checkMessage(value: unknown, domains: Domains): Fields {
  const message = fields(value, 'message')
  only(message, 'message', ['text', 'attachment', 'quick_replies', 'metadata', 'reply_to'])
  const { text: words, attachment, quick_replies: replies, metadata } = message
  if ((words === undefined) === (attachment === undefined)) {
    throw badParameter('Must set only one of text or attachment in message')
  }
  if (words !== undefined) text(words, 'message[text]', 2000)
  if (attachment !== undefined) checkAttachment(fields(attachment, 'message[attachment]'), domains)
  if (replies !== undefined) {
    for (const reply of list(replies, 'message[quick_replies]', 1, 13)) checkReply(reply)
  }
  if (metadata !== undefined) text(metadata, 'message[metadata]', 1000)
  return message
}

function checkAttachment(attachment: Fields, domains: Domains): void {
  const { type } = attachment
  const payload = fields(attachment['payload'], 'message[attachment][payload]')
  if (type === 'template') {
    checkTemplate(payload, domains)
    return
  }
  if (!media.includes(String(type))) {
    throw badParameter(
      `Param message[attachment][type] must be one of {${[...media, 'template'].join(', ')}}`,
    )
  }
  const { url, attachment_id: id } = payload
  if ((url === undefined) === (id === undefined))
    throw badParameter('Must set only one of url or attachment_id')
  if (url !== undefined) address(url, 'message[attachment][payload][url]')
}

function checkReply(reply: Fields): void {
  only(reply, 'quick_replies', ['content_type', 'title', 'payload', 'image_url'])
  if (reply['content_type'] === 'user_phone_number' || reply['content_type'] === 'user_email') return
  if (reply['content_type'] !== 'text') throw badParameter('Invalid content_type of a quick reply')
  text(reply['title'], 'quick_replies[title]', 20)
  text(reply['payload'], 'quick_replies[payload]', 1000)
}

/** A line about a message, for logs. */
export function summary(message: unknown): string {
  if (!isFields(message)) return ''
  const { text: words, attachment } = message
  return typeof words === 'string' ? words : JSON.stringify(attachment ?? message['attachments'] ?? '')
}
