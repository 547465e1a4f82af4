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

/** A token as staff see it: everything but its text. */
export interface IntegrationView {
  id: string
  /** What uses it. */
  name: string
  /** The last letters of its text. */
  hint: string
  issuedBy: string
  issuedAt: string
  lastUsedAt: string | null
  revokedAt: string | null
}

/** The one answer that holds the text of a token. */
export interface IssuedToken extends IntegrationView {
  token: string
}
