// What the conditions of a workspace may ask of its leads.
import { workspaceSettings } from '../accounts/index.ts'
import type { Condition } from '../conditions/contract.ts'
import { checkCondition } from '../conditions/index.ts'
import type { Facts } from '../conditions/index.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import { declaredFacts } from './declared.ts'
import { leadFacts } from './facts.ts'
import type { CustomField, LeadSubject } from './facts.ts'
import type { SegmentDefinition } from './segment-fact.ts'
import { readFields } from './fields/store/fields.ts'
import { readSegmentDefinitions } from './store/segments.ts'

/** The facts of a workspace's leads, and the zone in which its days begin. */
interface WorkspaceFacts {
  facts: Facts<LeadSubject>
  customFields: CustomField[]
  segments: SegmentDefinition[]
  /** IANA */
  timeZone: string
}

export async function factsOfWorkspace(db: Db, workspaceId: string): Promise<WorkspaceFacts> {
  const [fields, settings, segments, declared] = await Promise.all([
    readFields(db, workspaceId),
    workspaceSettings(db, workspaceId as WorkspaceId),
    readSegmentDefinitions(db, workspaceId),
    declaredFacts(db, workspaceId),
  ])
  const { consentDefaults, currency, timeZone } = settings
  // Those out of the choices are answered still: views that name them go on.
  const customFields = fields.filter(({ mergedInto, isLeaving }) => mergedInto === null && !isLeaving)
  const formerKeys = new Map(
    fields.flatMap(({ key, mergedInto }) => (mergedInto === null ? [] : [[key, mergedInto]])),
  )
  return {
    facts: leadFacts({ customFields, formerKeys, consentDefaults, currency, segments, declared }),
    customFields,
    segments,
    timeZone,
  }
}

/** Throws a Refusal (400) where a filter asks for what the workspace's leads do not have. */
export async function checkFilter(db: Db, workspaceId: string, filter: Condition | undefined): Promise<void> {
  if (!filter) return
  const { facts } = await factsOfWorkspace(db, workspaceId)
  checkCondition(filter, facts)
}
