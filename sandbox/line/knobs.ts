import type { Knob } from '../faults.ts'
import { choice, flag, number } from '../knobs.ts'

/** Every way in which the simulated LINE can misbehave. "Once" and "the next n" are set with the knob. */
export const knobs: Knob[] = [
  number('latencyMs', 0, 'API: waits so many milliseconds before it looks at a request'),
  flag('failBeforeAccepting', 'API: answers 500 and does nothing'),
  flag('failAfterAccepting', 'API: sends the message, remembers the retry key, then answers 500'),
  flag('hangUpAfterAccepting', 'API: sends the message, then cuts the connection instead of answering'),
  flag('neverAnswer', 'API: sends the message, then keeps the connection open in silence'),
  flag('rateLimited', 'API: answers 429 "try again later" to a send'),
  flag('monthlyLimitReached', 'API: answers 429 "monthly limit" to a push or multicast'),
  number('monthlyLimit', 0, 'API: messages a month that can be pushed; 0 is no limit'),
  number('replyTokenSeconds', 60, 'API: how long a reply token can be used after delivery'),
  flag('tokenRevoked', 'API: the channel access token is no longer accepted (401)'),
  flag('profileUnavailable', 'API: profiles answer 404, as for people who never consented'),
  flag('contentNotReady', 'Content: answers 202, as for a video that is still being converted'),
  flag('contentGone', 'Content: answers 404, as after the storage time'),
  flag('contentCutShort', 'Content: cuts the connection in the middle of the file'),
  flag('webhookLost', 'Webhook: never reaches the shop'),
  number('webhookDelayMs', 0, 'Webhook: arrives so many milliseconds late'),
  number('webhookTimeoutMs', 2000, 'Webhook: how long the shop has to answer'),
  number('webhookDuplicates', 0, 'Webhook: arrives so many times more than once, without a redelivery mark'),
  number('webhookBatch', 1, 'Webhook: waits for so many events, of any users, and sends them in one request'),
  flag('webhookShuffled', 'Webhook: mixes up the order of a batch'),
  flag('webhookRedelivery', 'Webhook: delivers again, marked as such, what was not answered with 2xx'),
  number(
    'webhookRedeliveryMs',
    3000,
    'Webhook: time until the first redelivery; doubles each time, five times',
  ),
  flag('webhookBadSignature', 'Webhook: is signed with another secret'),
  choice(
    'webhookEscapes',
    ['emoji', 'always', 'never'],
    'Webhook: which characters outside of ASCII are written as \\uXXXX',
  ),
  flag('idTokenExpired', 'LIFF: issues ID tokens that have expired'),
  flag('idTokenForOthers', "LIFF: issues ID tokens for another channel's app"),
  flag('idTokenForged', 'LIFF: issues ID tokens with a broken signature'),
  flag('verifyDown', 'LINE Login: the verify endpoint answers 500'),
]
