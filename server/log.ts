import { pino } from 'pino'

/**
 * The program's log: JSON lines, for machines. It holds ids and codes; never a secret, a query string, a name, an
 * address or what somebody wrote.
 */
export const log = pino({
  level: 'info',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: [
      '*.authorization',
      '*.cookie',
      '*.password',
      '*.token',
      '*.secret',
      'headers',
      '*.headers',
      'body',
      '*.body',
    ],
    censor: '…',
  },
  serializers: { error: describeError },
})

/** What of an error may be logged: not what it carries along, such as the document that failed. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? undefined : describeError(error.cause)
  const code = 'code' in error ? error.code : undefined
  return { name: error.name, code, message: error.message, stack: error.stack, cause }
}
