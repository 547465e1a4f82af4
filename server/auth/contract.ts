export const staffRoles = ['agent', 'manager', 'admin'] as const
export type StaffRole = (typeof staffRoles)[number]

/** Whether a role may do what needs `wanted`: an admin may do what a manager may. */
export const mayActAs = (role: StaffRole, wanted: StaffRole): boolean =>
  staffRoles.indexOf(role) >= staffRoles.indexOf(wanted)

export interface StaffView {
  id: string
  name: string
  email: string
  role: StaffRole
  active: boolean
  /** False until an invited person has chosen a password. */
  joined: boolean
  lastSeenAt: string | null
}
