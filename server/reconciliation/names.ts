import mongoose from 'mongoose'
import { Users } from '../../models/user.ts'

/** The names of members of staff; whatever is no id of one (`saga`, `customer` …) stays as it is. */
export async function namesOf(ids: (string | null)[]): Promise<(id: string) => string> {
  const staff = [...new Set(ids)].filter((id): id is string => id !== null && /^[0-9a-f]{24}$/.test(id))
  const users = await Users.find(
    { _id: { $in: staff.map((id) => new mongoose.Types.ObjectId(id)) } },
    { firstName: 1, lastName: 1, username: 1 },
  ).lean()
  const names = new Map(
    users.map(({ _id, firstName, lastName, username }) => [
      String(_id),
      `${firstName} ${lastName}`.trim() || username,
    ]),
  )
  return (id) => names.get(id) ?? id
}
