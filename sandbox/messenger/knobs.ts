import type { Knob } from '../faults.ts'
import { flag, number } from '../knobs.ts'

/** Every way in which the simulated Messenger can misbehave. "Once" and "the next n" are set with the knob. */
export const knobs: Knob[] = [
  number('latencyMs', 0, 'API: waits so many milliseconds before it looks at a request'),
  flag('failBeforeAccepting', 'API: answers 500 with code 2 and does nothing'),
  flag('failAfterAccepting', 'API: sends the message, then answers 500 with code 1'),
  flag('hangUpAfterAccepting', 'API: sends the message, then cuts the connection instead of answering'),
  flag('neverAnswer', 'API: sends the message, then keeps the connection open in silence'),
  flag('transientError', 'API: answers 400 with code 1200, transient, and does nothing'),
  flag('rateLimited', 'API: answers code 613, too many calls'),
  flag('tokenRevoked', 'API: the page token is no longer accepted (190)'),
  flag('pageRestricted', 'API: the page may not send for the time being (10/1893063)'),
  flag('profileUnavailable', 'API: profiles answer 2018218'),
  flag('profileEmpty', 'API: profiles answer {}, as without the permission'),
  flag('mediaGone', 'Media: addresses answer 403, as when they have expired'),
  flag('mediaCutShort', 'Media: cuts the connection in the middle of the file'),
  number('mediaSeconds', 3600, 'Media: how long an address is good for'),
  flag('webhookLost', 'Webhook: never reaches the shop'),
  number('webhookDelayMs', 0, 'Webhook: arrives so many milliseconds late'),
  number('webhookTimeoutMs', 5000, 'Webhook: how long the shop has to answer'),
  number('webhookDuplicates', 0, 'Webhook: arrives so many times more than once'),
  number(
    'webhookBatch',
    1,
    'Webhook: waits for so many events, of any people, and sends them in one request',
  ),
  flag('webhookRedelivery', 'Webhook: delivers again what was not answered with 2xx'),
  number('webhookRedeliveryMs', 1000, 'Webhook: time until the first redelivery; doubles, five times'),
  number(
    'webhookGivesUpAfter',
    0,
    'Webhook: unsubscribes the app after so many failures in a row; 0 is never',
  ),
  flag('webhookBadSignature', 'Webhook: is signed with another secret'),
  flag('webhookUnescaped', 'Webhook: writes what is not ASCII as it is, rather than as \\uXXXX'),
  flag('echoFirst', 'Echo: reaches the shop before the answer to the send'),
  flag('echoLost', 'Echo: never comes'),
  flag('deliveryWithoutMids', 'Delivery: tells the watermark alone'),
  flag('stickersAsImages', 'Stickers: come in the old shape, as pictures'),
  flag('noSignedRequest', 'Page in Messenger: gets no context, as in browsers that do not support it'),
]
