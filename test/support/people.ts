import { randomUUID } from 'node:crypto'
import { Types } from 'mongoose'
import { Users } from '../../models/user.ts'
import type { StaffRole } from '../../server/auth/contract.ts'
import { openCustomerSession } from '../../server/auth/index.ts'
import { hashPassword } from '../../server/auth/password.ts'
import { type Client, client, expectStatus } from './client.ts'

const password = 'correct horse battery'
let hashed: Promise<string> | undefined

/** A member of staff, and the browser in which they are logged in. */
export interface StaffMember extends Client {
  id: string
  username: string
  password: string
}

/** Makes a member of staff and logs them in through the front door. */
export async function loginAs(url: string, role: StaffRole, name = `${role} Tester`): Promise<StaffMember> {
  const username = `${role}-${randomUUID().slice(0, 8)}`
  const [firstName = '', lastName = ''] = name.split(' ')
  hashed ??= hashPassword(password)
  const _id = new Types.ObjectId()
  await Users.create({
    _id,
    username,
    email: `${username}@shop.example`,
    firstName,
    lastName,
    passwordHash: await hashed,
    roles: [role],
    createdAt: new Date(),
  })
  const browser = client(url)
  await expectStatus(200, browser.post('/api/auth/login', { username, password }))
  return Object.assign(browser, { id: String(_id), username, password })
}

/** A browser in which a customer has opened these orders, as the page behind a card's link would have. */
export async function customerOf(
  url: string,
  visit: { customerId: string; orderIds: string[]; proven?: boolean },
): Promise<Client> {
  const browser = client(url)
  const response = {
    appendHeader(_name: string, line: string) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      browser.cookies.set(name, value)
    },
  }
  const exchange = { request: { headers: {} }, response } as unknown as Parameters<
    typeof openCustomerSession
  >[0]
  await openCustomerSession(exchange, { proven: false, ...visit })
  return browser
}
