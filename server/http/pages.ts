import { randomBytes } from 'node:crypto'
import { constants } from 'node:zlib'
import compression from 'compression'
import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'
import type { Settings } from '../settings.ts'

/** The nonce that a page's own inline scripts and styles must carry. */
export const nonceOf = (response: Response): string => String(response.locals['nonce'])

/** What every page for a browser passes through: a strict policy of what it may load, and compression. */
export function pageHandlers(settings: Settings): RequestHandler[] {
  const nonce: RequestHandler = (_request, response, next) => {
    response.locals['nonce'] = randomBytes(16).toString('base64')
    response.setHeader('Cache-Control', 'no-store')
    next()
  }
  return [
    nonce,
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: policy(settings) },
      // Our links carry a token in their path: no other site may learn it.
      referrerPolicy: { policy: 'no-referrer' },
      crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
      strictTransportSecurity: settings.https,
      // The policy's frame-ancestors says it, and says it better.
      xFrameOptions: false,
    }),
    compression({ brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } } }),
  ]
}

function policy(settings: Settings) {
  const simulated = settings.sandboxUrl ? bothNames(settings.sandboxUrl) : []
  const omise = settings.gateways.omise
    ? [
        new URL(settings.gateways.omise.scriptUrl).origin,
        new URL(settings.gateways.omise.vaultUrl).origin,
        'https://*.omise.co',
      ]
    : []
  const line = settings.line?.liffId ? ['https://*.line.me', 'https://*.line-scdn.net'] : []
  const nonce = (_request: unknown, response: unknown) => `'nonce-${nonceOf(response as Response)}'`
  return {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'", nonce, ...omise, ...line, ...simulated],
    styleSrc: ["'self'", nonce],
    imgSrc: ["'self'", 'data:', 'blob:', 'https:', ...simulated],
    mediaSrc: ["'self'", 'blob:', 'https:', ...simulated],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'", settings.publicUrl.replace(/^http/, 'ws'), ...omise, ...line, ...simulated],
    frameSrc: ["'self'", ...omise, ...simulated],
    formAction: ["'self'", ...omise, ...simulated],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    objectSrc: ["'none'"],
    // The simulated phone shows the order's page as a sheet over the chat.
    frameAncestors: ["'self'", ...simulated],
  }
}

/** This machine by both of its names: a browser takes them for two. */
function bothNames(url: string): string[] {
  return [url, url.replace('//localhost', '//127.0.0.1')]
}
