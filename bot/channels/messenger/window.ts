const HOUR = 3600_000

/**
 * How long after a customer's last action a page may write: anything for 24 hours, and for seven days what a person
 * of the staff writes, under the tag HUMAN_AGENT. No other tag is left: the three of old are refused since April 2026.
 */
export const windowOf = { anybody: 24 * HOUR, staff: 7 * 24 * HOUR }

/** What a send says of itself. Inside of the 24 hours a tag has no place. */
export const sendingAs = (window: 'anybody' | 'staff'): { messaging_type: string; tag?: string } =>
  window === 'anybody'
    ? { messaging_type: 'RESPONSE' }
    : { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
