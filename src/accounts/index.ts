// The verbs of accounts: who is calling, who may what, workspaces and their keys, and the audit log.
export { serveAccounts } from './routes/index.ts'
export type { AccountOptions, Accounts } from './routes/index.ts'
export { record } from './audit.ts'
export type { Actor, AuditRecord } from './audit.ts'
export { accountTasks } from './jobs.ts'
export { linkTo } from './links.ts'
export { createOwner, offerSetupCode } from './owner.ts'
export { makeResetLinkFor, setPassword } from './resets.ts'
export { endTwoFactorFor } from './two-factor.ts'
export { tidyAccounts } from './tidy.ts'
export { readUsers as listUsers } from './store/people.ts'
export { createApiKey, createWriteKey } from './keys.ts'
export {
  deletedWorkspaces,
  findWorkspace,
  forgetTeam,
  listWorkspaces,
  operator,
  workspaceSettings,
  writeKeyWorkspace,
} from './workspaces.ts'
export type { KnownSettings } from './workspaces.ts'
export type { WorkspaceProfile, WriteKeyTarget } from './store/workspaces.ts'
