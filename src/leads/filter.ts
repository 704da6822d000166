// What the conditions of a workspace may ask of its leads.
import { workspaceSettings } from '../accounts/index.ts'
import type { Condition } from '../conditions/contract.ts'
import { checkCondition } from '../conditions/index.ts'
import type { Facts } from '../conditions/index.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import { leadFacts } from './facts.ts'
import type { CustomField, LeadSubject } from './facts.ts'
import { readCustomFields } from './store/list.ts'

/** The facts of a workspace's leads, and the zone in which its days begin. */
interface WorkspaceFacts {
  facts: Facts<LeadSubject>
  customFields: CustomField[]
  /** IANA */
  timeZone: string
}

export async function factsOfWorkspace(db: Db, workspaceId: string): Promise<WorkspaceFacts> {
  const [customFields, settings] = await Promise.all([
    readCustomFields(db, workspaceId),
    workspaceSettings(db, workspaceId as WorkspaceId),
  ])
  const { consentDefaults, currency, timeZone } = settings
  return { facts: leadFacts({ customFields, consentDefaults, currency }), customFields, timeZone }
}

/** Throws a Refusal (400) where a filter asks for what the workspace's leads do not have. */
export async function checkFilter(db: Db, workspaceId: string, filter: Condition | undefined): Promise<void> {
  if (!filter) return
  const { facts } = await factsOfWorkspace(db, workspaceId)
  checkCondition(filter, facts)
}
