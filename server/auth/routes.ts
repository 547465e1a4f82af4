import { z } from 'zod'
import { Users } from '../../models/user.ts'
import { AppError, type Route, route } from '../http/index.ts'
import { staffRoles } from './contract.ts'
import { integrationRoutes } from './integration-routes.ts'
import { checkStrength, forgotPassword, redeem } from './links.ts'
import { loginRoutes } from './login.ts'
import { checkPassword, hashPassword } from './password.ts'
import { closeSessionsOf, openStaffSession } from './sessions.ts'
import { changeStaff, invite, inviteAgain, listStaff, splitName, staffById } from './staff.ts'

const password = z.string().min(1).max(200)
const token = z.string().regex(/^[\w-]{43}$/)
const StaffId = z.strictObject({ staffId: z.string().regex(/^[0-9a-f]{24}$/) })

/** Log in and out, and the people who work here. */
export const routes: Route[] = [
  ...loginRoutes,
  ...integrationRoutes,
  route({
    method: 'GET',
    path: '/api/staff',
    access: 'agent',
    summary: 'Everybody who works here',
    handler: listStaff,
  }),
  route({
    method: 'GET',
    path: '/api/staff/me',
    access: 'agent',
    summary: 'Whoever is logged in',
    handler: ({ caller }) => staffById(caller.staffId),
  }),
  route({
    method: 'POST',
    path: '/api/staff/me/password',
    access: 'agent',
    summary: 'Change your own password; every other browser is logged out',
    body: z.strictObject({ current: password, next: password }),
    rate: 10,
    async handler(call) {
      const { current, next } = call.body
      const user = await Users.findById(call.caller.staffId).lean()
      if (!user || !(await checkPassword(current, user.passwordHash))) {
        throw new AppError('password.wrong', 'The present password is wrong. Try again.')
      }
      checkStrength(next)
      await Users.updateOne({ _id: user._id }, { $set: { passwordHash: await hashPassword(next) } })
      await closeSessionsOf(user._id)
      await openStaffSession(call, user)
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/api/staff',
    access: 'admin',
    summary: 'Invite somebody by mail',
    body: z.strictObject({
      email: z.email().max(200),
      name: z.string().trim().min(1).max(100),
      role: z.enum(staffRoles),
    }),
    rate: 30,
    handler: ({ caller, body }) => invite(caller, body),
  }),
  route({
    method: 'POST',
    path: '/api/staff/:staffId/invite',
    access: 'admin',
    summary: 'Send an invitation again',
    params: StaffId,
    rate: 30,
    handler: ({ caller, params }) => inviteAgain(caller, params.staffId),
  }),
  route({
    method: 'PATCH',
    path: '/api/staff/:staffId',
    access: 'admin',
    summary: 'Give another role, or let somebody in or out',
    params: StaffId,
    body: z.strictObject({ role: z.enum(staffRoles).optional(), active: z.boolean().optional() }),
    handler: ({ caller, params, body }) => changeStaff(caller, params.staffId, body),
  }),
  route({
    method: 'POST',
    path: '/api/staff/join',
    access: 'anyone',
    summary: 'Accept an invitation: choose a password, and be logged in',
    body: z.strictObject({ token, password, name: z.string().trim().min(1).max(100).optional() }),
    rate: 20,
    async handler(call) {
      const { name } = call.body
      const [firstName, lastName] = splitName(name ?? '')
      const user = await redeem('join', call.body.token, {
        password: call.body.password,
        ...(name && { firstName, lastName }),
      })
      await openStaffSession(call, user)
      return staffById(String(user._id))
    },
  }),
  route({
    method: 'POST',
    path: '/api/staff/forgot',
    access: 'anyone',
    summary: 'Ask for a mail with a link to a new password; the answer is the same for every address',
    body: z.strictObject({ email: z.email().max(200) }),
    rate: 5,
    async handler({ body }) {
      await forgotPassword(body.email)
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/api/staff/reset',
    access: 'anyone',
    summary: 'Choose a new password with the link of the mail',
    body: z.strictObject({ token, password }),
    rate: 20,
    async handler({ body }) {
      await redeem('reset', body.token, { password: body.password })
      return {}
    },
  }),
]
