// Identifiers, merges and proposals in PostgreSQL: loaded once for a batch, written once after it.
import { newId } from '../lib/ids.ts'
import { surnameKey } from '../lib/names.ts'
import { arrayText, copyRows } from '../platform/copy.ts'
import type { CopyColumn } from '../platform/copy.ts'
import { rows, run, sql, sqlState } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import { EVIDENCE_LIMIT, KIND } from './contract.ts'
import type { Claims, IdentifierKind, KnownLead } from './contract.ts'
import { claimed, identifierKey } from './resolve.ts'
import type { Claimed, Identifier, IdentityChanges, Known } from './resolve.ts'
import { inheritApart, readApart } from './store/apart.ts'

/** Somebody else attached an identifier meanwhile: the batch is decided anew on what stands now. */
export class IdentityRace extends Error {}

/**
 * Loads the identifiers that a batch claims and locks their leads, in one order for everybody, so that two workers meeting
 * at a person wait instead of deadlocking. Merged leads are followed to the lead they are part of.
 */
export async function loadKnown(
  tx: Db,
  items: Claims[],
  claimedBy: Claimed[][] = items.map(claimed),
): Promise<Known> {
  const keys = new Set<string>()
  const workspaceIds: string[] = []
  const kinds: number[] = []
  const values: string[] = []
  for (let i = 0; i < items.length; i++) {
    for (const { kind, value, key } of claimedBy[i]!) {
      if (keys.has(key)) continue
      keys.add(key)
      workspaceIds.push(items[i]!.workspaceId)
      kinds.push(KIND[kind])
      values.push(value)
    }
  }
  const found = await rows<IdentifierRow>(
    tx,
    sql`select i.workspace_id, i.kind, i.value, i.lead_id, i.lead_count
        from unnest(${arrayText(workspaceIds)}::uuid[], ${arrayText(kinds)}::smallint[], ${arrayText(values)}::text[])
          as w(workspace_id, kind, value)
        join identifiers i on i.workspace_id = w.workspace_id and i.kind = w.kind and i.value = w.value`,
  )
  // Past the limit a value is no evidence, and on how many leads it was seen matters no more.
  const shared = found.filter((row) => row.lead_count > 1 && row.lead_count <= EVIDENCE_LIMIT)
  const shareRows =
    shared.length === 0
      ? []
      : await rows<{ workspace_id: string; kind: number; value: string; lead_id: string }>(
          tx,
          sql`select s.workspace_id, s.kind, s.value, s.lead_id
              from unnest(${shared.map((s) => s.workspace_id)}::uuid[], ${shared.map((s) => s.kind)}::smallint[], ${shared.map((s) => s.value)}::text[])
                as w(workspace_id, kind, value)
              join identifier_shares s on s.workspace_id = w.workspace_id and s.kind = w.kind and s.value = w.value
              order by s.lead_id`,
        )
  // Only a phone finds those who share it.
  const byPhone = shareRows.filter((row) => row.kind === KIND.phone)
  const named = items.flatMap(({ leadId }) => leadId ?? [])
  const leadIds = [...new Set([...[...found, ...byPhone].map((row) => row.lead_id), ...named])]
  const leads = await lockLeads(tx, leadIds)
  await refuseMoved(tx, found, leads)
  const identifiers = new Map<string, Identifier>()
  for (const row of found) {
    const kind = KIND_NAMES[row.kind]
    if (!kind) continue
    identifiers.set(identifierKey(row.workspace_id, kind, row.value), {
      workspaceId: row.workspace_id,
      kind,
      value: row.value,
      leadId: leads.get(row.lead_id)?.id ?? row.lead_id,
      leadCount: row.lead_count,
    })
  }
  const shares = new Map<string, string[]>()
  for (const row of shareRows) {
    const kind = KIND_NAMES[row.kind]
    if (!kind) continue
    const key = identifierKey(row.workspace_id, kind, row.value)
    shares.set(key, [...(shares.get(key) ?? []), row.lead_id])
  }
  const apart = await readApart(tx, [...new Set([...leads.values()].map((lead) => lead.id))])
  return { identifiers, leads, shares, apart }
}

/** Locks leads in the order of their ids; a merged one stands in the result as the lead it is part of. */
export async function lockLeads(tx: Db, ids: string[]): Promise<Map<string, KnownLead>> {
  const leads = new Map<string, KnownLead>()
  let wanted = [...ids].sort()
  const mergedInto = new Map<string, string>()
  while (wanted.length > 0) {
    const found = await rows<LeadRow>(
      tx,
      sql`select id, workspace_id, is_known, email is not null as has_email, last_name, created_at, status, merged_into
          from leads where id = any(${wanted}::uuid[]) order by id for no key update`,
    )
    const next = new Set<string>()
    for (const row of found) {
      if (row.status === 'merged' && row.merged_into) {
        mergedInto.set(row.id, row.merged_into)
        if (!leads.has(row.merged_into)) next.add(row.merged_into)
      } else {
        leads.set(row.id, {
          id: row.id,
          workspaceId: row.workspace_id,
          isKnown: row.is_known,
          isBinned: row.status === 'binned',
          hasEmail: row.has_email,
          surname: surnameKey(row.last_name),
          userIds: 0,
          createdAt: row.created_at,
        })
      }
    }
    wanted = [...next].sort()
  }
  for (const id of mergedInto.keys()) {
    let target = id
    while (mergedInto.has(target)) target = mergedInto.get(target)!
    const lead = leads.get(target)
    if (lead) leads.set(id, lead)
  }
  await countUserIds(tx, leads)
  return leads
}

/** Writes what a batch changed about who is who; merges of leads themselves are the leads module's (`leads_merged`). */
export async function writeIdentity(tx: Db, changes: IdentityChanges, now: Date): Promise<void> {
  const at = now.toISOString()
  if (changes.attached.length > 0) {
    const attached = [...changes.attached].sort((a, b) =>
      a.workspaceId !== b.workspaceId
        ? a.workspaceId < b.workspaceId
          ? -1
          : 1
        : KIND[a.kind] !== KIND[b.kind]
          ? KIND[a.kind] - KIND[b.kind]
          : a.value < b.value
            ? -1
            : 1,
    )
    await copyRows(tx, 'identifiers', IDENTIFIER_COLUMNS, attached, (i) => [
      i.workspaceId,
      KIND[i.kind],
      i.value,
      i.leadId,
      Math.min(i.leadCount, 32_000),
      at,
    ]).catch((error: unknown) => {
      if (sqlState(error) !== '23505') throw error
      throw new IdentityRace('an identifier was attached by another worker meanwhile')
    })
  }
  if (changes.moved.length > 0) {
    const last = [
      ...new Map(
        changes.moved.map(({ identifier: i }) => [identifierKey(i.workspaceId, i.kind, i.value), i]),
      ).values(),
    ]
    await run(
      tx,
      sql`update identifiers i set lead_id = m.lead_id, lead_count = greatest(i.lead_count, m.lead_count), seen_at = ${at}
          from unnest(${last.map((i) => i.workspaceId)}::uuid[], ${last.map((i) => KIND[i.kind])}::smallint[],
            ${last.map((i) => i.value)}::text[], ${last.map((i) => i.leadId)}::uuid[], ${last.map((i) => i.leadCount)}::smallint[])
            as m(workspace_id, kind, value, lead_id, lead_count)
          where i.workspace_id = m.workspace_id and i.kind = m.kind and i.value = m.value`,
    )
    await writeShares(
      tx,
      changes.moved.map((m) => ({ identifier: m.identifier, leadId: m.from })),
      at,
    )
  }
  if (changes.shared.length > 0) {
    const fresh = await writeShares(tx, changes.shared, at)
    if (fresh.length > 0) {
      await run(
        tx,
        sql`update identifiers i set lead_count = least(i.lead_count + s.added, 32000)
            from (select workspace_id, kind, value, count(*) as added
                  from unnest(${fresh.map((s) => s.workspace_id)}::uuid[], ${fresh.map((s) => s.kind)}::smallint[], ${fresh.map((s) => s.value)}::text[])
                    as f(workspace_id, kind, value)
                  group by 1, 2, 3) s
            where i.workspace_id = s.workspace_id and i.kind = s.kind and i.value = s.value`,
      )
    }
  }
  if (changes.proposals.length > 0) {
    await run(
      tx,
      sql`insert into merge_proposals (id, workspace_id, lead_a, lead_b, reason, evidence, proposed_at)
          select *, ${at}::timestamptz from unnest(
            ${changes.proposals.map(() => newId())}::uuid[], ${changes.proposals.map((p) => p.workspaceId)}::uuid[],
            ${changes.proposals.map((p) => p.leadA)}::uuid[], ${changes.proposals.map((p) => p.leadB)}::uuid[],
            ${changes.proposals.map((p) => p.reason)}::text[], ${changes.proposals.map((p) => JSON.stringify(p.evidence))}::jsonb[])
          on conflict (workspace_id, lead_a, lead_b) do nothing`,
    )
  }
}

/** Moves what identifies the losers to the winners. @returns per loser the identifiers that went over */
export async function moveIdentifiers(
  tx: Db,
  merges: { winnerId: string; loserId: string }[],
): Promise<Map<string, { kind: number; value: string }[]>> {
  const moved = await rows<{ loser_id: string; kind: number; value: string }>(
    tx,
    sql`with pairs as (
          select * from unnest(${merges.map((m) => m.winnerId)}::uuid[], ${merges.map((m) => m.loserId)}::uuid[]) as p(winner_id, loser_id)
        )
        update identifiers i set lead_id = p.winner_id from pairs p where i.lead_id = p.loser_id
        returning p.loser_id, i.kind, i.value`,
  )
  await inheritApart(tx, merges)
  const byLoser = new Map<string, { kind: number; value: string }[]>()
  for (const row of moved) {
    const list = byLoser.get(row.loser_id) ?? []
    list.push({ kind: row.kind, value: row.value })
    byLoser.set(row.loser_id, list)
  }
  return byLoser
}

/** Gives identifiers back to the lead they belonged to before a merge. */
export async function returnIdentifiers(
  tx: Db,
  workspaceId: string,
  from: string,
  to: string,
  values: { kind: number; value: string }[],
): Promise<void> {
  if (values.length === 0) return
  await run(
    tx,
    sql`update identifiers i set lead_id = ${to}
        from unnest(${values.map((v) => v.kind)}::smallint[], ${values.map((v) => v.value)}::text[]) as v(kind, value)
        where i.workspace_id = ${workspaceId} and i.kind = v.kind and i.value = v.value and i.lead_id = ${from}`,
  )
}

/** The lead and all that were merged into it, directly or through others; the lead itself first. */
export async function leadFamily(db: Db, workspaceId: string, leadId: string): Promise<string[]> {
  const family = await rows<{ id: string }>(
    db,
    sql`with recursive family as (
          select id, 0 as depth from leads where id = ${leadId} and workspace_id = ${workspaceId}
          union all
          select l.id, f.depth + 1 from leads l join family f on l.merged_into = f.id where l.status = 'merged' and f.depth < 50
        ) select id from family order by depth, id`,
  )
  return family.map((row) => row.id)
}

/** What identifies a lead, strongest first. */
export async function identifiersOf(
  db: Db,
  workspaceId: string,
  leadId: string,
): Promise<{ kind: IdentifierKind; value: string; seenAt: Date; leadCount: number }[]> {
  const found = await rows<{ kind: number; value: string; seen_at: Date; lead_count: number }>(
    db,
    sql`select kind, value, seen_at, lead_count from identifiers
        where workspace_id = ${workspaceId} and lead_id = ${leadId} order by kind, seen_at desc limit 200`,
  )
  return found.flatMap((row) => {
    const kind = KIND_NAMES[row.kind]
    return kind ? [{ kind, value: row.value, seenAt: row.seen_at, leadCount: row.lead_count }] : []
  })
}

const IDENTIFIER_COLUMNS: CopyColumn[] = [
  ['workspace_id', 'plain'],
  ['kind', 'plain'],
  ['value', 'plain'],
  ['lead_id', 'plain'],
  ['lead_count', 'plain'],
  ['seen_at', 'plain'],
]

const KIND_NAMES: Record<number, IdentifierKind> = Object.fromEntries(
  Object.entries(KIND).map(([name, number]) => [number, name as IdentifierKind]),
)

interface IdentifierRow {
  workspace_id: string
  kind: number
  value: string
  lead_id: string
  lead_count: number
}

interface LeadRow {
  id: string
  workspace_id: string
  is_known: boolean
  has_email: boolean
  last_name: string | null
  created_at: Date
  status: string
  merged_into: string | null
}

// The identifiers were read before their leads were locked, and whoever had the lock may have moved one: by an unmerge, by
// an edit of an address. To the lead that its own was merged into is no move.
async function refuseMoved(tx: Db, found: IdentifierRow[], leads: Map<string, KnownLead>): Promise<void> {
  if (found.length === 0) return
  const elsewhere = await rows<{ was: string; lead_id: string | null }>(
    tx,
    sql`select w.lead_id as was, i.lead_id
        from unnest(${arrayText(found.map((f) => f.workspace_id))}::uuid[], ${arrayText(found.map((f) => f.kind))}::smallint[],
          ${arrayText(found.map((f) => f.value))}::text[], ${arrayText(found.map((f) => f.lead_id))}::uuid[])
          as w(workspace_id, kind, value, lead_id)
        left join identifiers i on i.workspace_id = w.workspace_id and i.kind = w.kind and i.value = w.value
        where i.lead_id is distinct from w.lead_id`,
  )
  if (elsewhere.some(({ was, lead_id }) => lead_id === null || leads.get(was)?.id !== lead_id))
    throw new IdentityRace('an identifier moved to another lead meanwhile')
}

async function countUserIds(tx: Db, leads: Map<string, KnownLead>): Promise<void> {
  const knownIds = [...new Set([...leads.values()].filter((lead) => lead.isKnown).map((lead) => lead.id))]
  if (knownIds.length === 0) return
  const counted = await rows<{ lead_id: string; user_ids: number }>(
    tx,
    sql`select lead_id, count(*)::int as user_ids from identifiers
        where lead_id = any(${knownIds}::uuid[]) and kind = ${KIND.user_id} group by lead_id`,
  )
  for (const row of counted) {
    const lead = leads.get(row.lead_id)
    if (lead) lead.userIds = row.user_ids
  }
}

async function writeShares(
  tx: Db,
  shared: { identifier: Identifier; leadId: string }[],
  at: string,
): Promise<{ workspace_id: string; kind: number; value: string }[]> {
  return rows(
    tx,
    sql`insert into identifier_shares (workspace_id, kind, value, lead_id, seen_at)
        select *, ${at}::timestamptz from unnest(
          ${shared.map((s) => s.identifier.workspaceId)}::uuid[], ${shared.map((s) => KIND[s.identifier.kind])}::smallint[],
          ${shared.map((s) => s.identifier.value)}::text[], ${shared.map((s) => s.leadId)}::uuid[])
        on conflict do nothing
        returning workspace_id, kind, value`,
  )
}
