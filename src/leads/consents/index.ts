// What a purpose comes to in a workspace: who said what, what would be withheld today, and the acts behind it.
import type { Condition } from '../../conditions/contract.ts'
import { checkCondition, chSql, conditionSql } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { workspaceSettings } from '../../accounts/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { ReplyOf } from '../../lib/endpoint.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { effectiveConsent } from '../consent.ts'
import { purposes } from '../contract.ts'
import type { IdentifierKind, Purpose } from '../contract.ts'
import { factsOfWorkspace } from '../filter.ts'
import { leadLabel } from '../record.ts'
import { readLeadRows } from '../store.ts'
import { isCopyWhole } from '../store/lead-facts.ts'
import type * as contract from './contract.ts'
import type { ConsentGroup, PurposeCounts } from './contract.ts'
import { groupsOf, isByCountry, silentIn } from './groups.ts'
import type { PurposeGroups } from './groups.ts'
import { countByCountry, countGroups, countSources, countSuppressed, readNewest } from './store.ts'

type Asked = Pick<Services, 'db' | 'clickhouse' | 'clock'>

/** Acts shown of a purpose. */
const NEWEST = 20

/** The purpose of a name in an address; refused (404) where there is none of it. */
export function purposeNamed(name: string): Purpose {
  const found = purposes.find((purpose) => purpose === name)
  if (found) return found
  throw new Refusal(
    'purpose_missing',
    404,
    `There is no such purpose of consent; use one of ${purposes.join(', ')}.`,
  )
}

/** Every purpose in a few numbers. Throws `log_unreachable` (503) while ClickHouse is away. */
export async function listConsentPurposes(
  asked: Asked,
  workspaceId: string,
): Promise<ReplyOf<typeof contract.listConsentPurposes>> {
  const groups = purposes.map(groupsOf)
  const [{ leads, counts }, isWhole] = await Promise.all([
    count(asked, workspaceId, groups.flatMap(conditionsOf)),
    isCopyWhole(asked.db, workspaceId),
  ])
  return {
    leads,
    items: purposes.map((purpose, at) => countsOf(purpose, groups[at]!, counts.slice(at * 5, at * 5 + 5))),
    isPartial: !isWhole,
  }
}

/** One purpose in full. Throws `log_unreachable` (503) while ClickHouse is away. */
export async function getConsentPurpose(
  asked: Asked,
  workspaceId: string,
  purpose: Purpose,
): Promise<ReplyOf<typeof contract.getConsentPurpose>> {
  const { db } = asked
  const groups = groupsOf(purpose)
  const conditions = [...conditionsOf(groups), ...groups.reasons.map(({ condition }) => condition)]
  const [{ leads, binned, counts }, silence, erased, isWhole] = await Promise.all([
    count(asked, workspaceId, conditions),
    isByCountry(purpose) ? silenceOf(asked, workspaceId, purpose) : [],
    countSuppressed(db, workspaceId, VALUES[purpose] ?? []),
    isCopyWhole(db, workspaceId),
  ])
  return {
    ...countsOf(purpose, groups, counts),
    leads,
    reasons: groups.reasons.map(({ reason, condition }, at) => ({
      reason,
      ...group(condition, counts[5 + at]),
    })),
    silence,
    keptOut: { binned, erased },
    isPartial: !isWhole,
  }
}

/** Where the consents of a purpose that stand come from, and the newest of them. */
export async function listConsentActs(
  db: Db,
  workspaceId: string,
  purpose: Purpose,
): Promise<ReplyOf<typeof contract.listConsentActs>> {
  const [sources, acts] = await Promise.all([
    countSources(db, workspaceId, purpose),
    readNewest(db, workspaceId, purpose, NEWEST),
  ])
  const leads = await readLeadRows(
    db,
    acts.map(({ leadId }) => leadId),
  )
  return {
    sources,
    newest: acts.flatMap(({ leadId, state, source, actor, proof, actedAt, recordedAt }) => {
      const lead = leads.get(leadId)
      if (lead === undefined) return []
      return [{ leadId, label: leadLabel(lead), state, source, actor, proof, actedAt, recordedAt }]
    }),
  }
}

/** The values of erased people that a purpose would go to. */
const VALUES: Partial<Record<Purpose, IdentifierKind[]>> = {
  email_marketing: ['email'],
  sms_marketing: ['phone'],
}

function conditionsOf({ granted, denied, unknown, allowed, withheld }: PurposeGroups): Condition[] {
  return [granted, denied, unknown, allowed, withheld]
}

function countsOf(purpose: Purpose, groups: PurposeGroups, counts: number[]): PurposeCounts {
  return {
    purpose,
    granted: group(groups.granted, counts[0]),
    denied: group(groups.denied, counts[1]),
    unknown: group(groups.unknown, counts[2]),
    allowed: group(groups.allowed, counts[3]),
    withheld: group(groups.withheld, counts[4]),
  }
}

function group(condition: Condition, counted: number | undefined): ConsentGroup {
  return { count: counted ?? 0, filter: JSON.stringify(condition) }
}

async function count(asked: Asked, workspaceId: string, conditions: Condition[]) {
  return countGroups(asked.clickhouse, workspaceId, await fragmentsOf(asked, workspaceId, conditions))
}

async function silenceOf(asked: Asked, workspaceId: string, purpose: Purpose) {
  const [condition] = await fragmentsOf(asked, workspaceId, [groupsOf(purpose).unknown])
  const [found, { consentDefaults }] = await Promise.all([
    countByCountry(asked.clickhouse, workspaceId, condition!),
    workspaceSettings(asked.db, workspaceId as WorkspaceId),
  ])
  return found.map((row) => {
    const country = row.country === '' ? null : row.country
    return {
      country,
      ...effectiveConsent(undefined, purpose, country, consentDefaults),
      ...group(silentIn(purpose, country), row.count),
    }
  })
}

// As the lead list reads them, so that a count and the list that it leads to are one.
async function fragmentsOf(
  { db, clock }: Asked,
  workspaceId: string,
  conditions: Condition[],
): Promise<Fragment[]> {
  const { facts, timeZone } = await factsOfWorkspace(db, workspaceId)
  const scope = { now: clock(), timeZone, workspaceId, leadId: chSql`lead_id` }
  return conditions.map((condition) => conditionSql(checkCondition(condition, facts), scope))
}
