import type { User } from '../../models/user.ts'
import { type StaffRole, staffRoles } from './contract.ts'

/** A user's staff role, the highest if there are several; null for a customer. */
export function roleOf(user: Pick<User, 'roles'>): StaffRole | null {
  return staffRoles.findLast((role) => user.roles.includes(role)) ?? null
}
