import express, { type Router } from 'express'
import type { LineService } from '../service.ts'
import { authorize } from './authorize.ts'
import { createCodes } from './codes.ts'
import type { IdTokens } from './id-tokens.ts'
import { liff } from './liff.ts'
import { createLiffApps } from './liff-apps.ts'
import { oauth } from './oauth.ts'

/** LINE Login and LIFF: what access.line.me, liff.line.me and the token endpoints of api.line.me answer. */
export function lineLogin(service: LineService, idTokens: IdTokens): Router {
  const router = express.Router()
  const codes = createCodes(service.context.clock)
  const apps = createLiffApps(service)
  router.use('/liff/v1/apps', apps.router)
  router.use('/liff', liff(service, apps, idTokens))
  router.use(oauth(service, idTokens, codes))
  router.use(authorize(service, codes))
  return router
}
