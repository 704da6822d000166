// The workspace that the pages below /w/$workspace are about, and what the signed-in member may do in it.
import { createContext, useContext } from 'react'
import type { Permission, User, Workspace } from '../src/accounts/contract.ts'

export interface Session {
  user: User
  /** every workspace that the member may open, live and test */
  workspaces: Workspace[]
}

export const WorkspaceContext = createContext<Workspace | undefined>(undefined)
export const SessionContext = createContext<Session | undefined>(undefined)

/** Only below the shell, which shows its pages once the workspace is known. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error('useWorkspace is called outside of a workspace')
  return workspace
}

/** Only below the shell. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession is called outside of a workspace')
  return session
}

/** Whether the signed-in member may; controls that they may not use are left out. */
export function useMay(permission: Permission): boolean {
  return useWorkspace().permissions.includes(permission)
}

/** The other one of the pair: the test twin of a live workspace, and the reverse. */
export function twinOf(workspace: Workspace, all: readonly Workspace[]): Workspace | undefined {
  return all.find((other) => other.teamId === workspace.teamId && other.mode !== workspace.mode)
}
