// Look-alikes as proposals in PostgreSQL: written with their probability and reasons, withdrawn where nothing speaks for them any more.
import { newId } from '../../lib/ids.ts'
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

/** A pair that a look found; the leads in any order. */
export interface LookAlike {
  leadA: string
  leadB: string
  evidence: Record<string, unknown>
}

const reason = 'looks alike'

/**
 * Proposes pairs. One that waits already, for whatever reason, is told the probability; one that a person decided on stays
 * decided, and so does one that is kept apart.
 * @returns how many are new
 */
export async function proposeLookAlikes(
  tx: Db,
  workspaceId: string,
  found: readonly LookAlike[],
  now: Date,
): Promise<number> {
  if (found.length === 0) return 0
  const made = await rows<{ isNew: boolean }>(
    tx,
    sql`insert into merge_proposals as p (id, workspace_id, lead_a, lead_b, reason, evidence, proposed_at)
        select f.id, ${workspaceId}, least(f.a, f.b), greatest(f.a, f.b), ${reason}, f.evidence, ${now}
        from unnest(${found.map(() => newId())}::uuid[], ${found.map(({ leadA }) => leadA)}::uuid[],
          ${found.map(({ leadB }) => leadB)}::uuid[], ${found.map(({ evidence }) => JSON.stringify(evidence))}::jsonb[]) as f(id, a, b, evidence)
        where not exists (select 1 from kept_apart k where k.lead_a = least(f.a, f.b) and k.lead_b = greatest(f.a, f.b))
          and not exists (select 1 from merge_proposals o where o.workspace_id = ${workspaceId}
            and o.lead_a = greatest(f.a, f.b) and o.lead_b = least(f.a, f.b))
        on conflict (workspace_id, lead_a, lead_b) do update set evidence = p.evidence || excluded.evidence
          where p.resolved_at is null
        returning (xmax = 0) as "isNew"`,
  )
  return made.filter(({ isNew }) => isNew).length
}

/** Withdraws waiting look-alikes of leads that were looked at anew, but for the pairs that were found again. */
export async function withdrawLookAlikes(
  tx: Db,
  workspaceId: string,
  leadIds: readonly string[],
  found: readonly LookAlike[],
): Promise<void> {
  await run(
    tx,
    sql`delete from merge_proposals p where p.workspace_id = ${workspaceId} and p.resolved_at is null and p.reason = ${reason}
          and (p.lead_a = any(${leadIds}::uuid[]) or p.lead_b = any(${leadIds}::uuid[]))
          and not exists (
            select 1 from unnest(${found.map(({ leadA }) => leadA)}::uuid[], ${found.map(({ leadB }) => leadB)}::uuid[]) as f(a, b)
            where least(f.a, f.b) = p.lead_a and greatest(f.a, f.b) = p.lead_b)`,
  )
}

/** Notes what a person, or a merge, made of proposals. */
export async function settleProposals(
  tx: Db,
  workspaceId: string,
  ids: readonly string[],
  resolution: 'merged' | 'dismissed',
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`update merge_proposals set resolved_at = ${now}, resolution = ${resolution}
        where workspace_id = ${workspaceId} and id = any(${ids}::uuid[])`,
  )
}

/** A lead as it is looked at; `fields` are its custom ones. */
export interface LookedLead {
  id: string
  revision: number
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  company: string | null
  jobTitle: string | null
  city: string | null
  country: string | null
  fields: Record<string, unknown>
  /** an address of its own, which a click or a sign-in proved */
  hasProvenEmail: boolean
}

const looked = sql`l.id, l.revision, l.first_name as "firstName", l.last_name as "lastName", l.email, l.phone, l.company,
  l.job_title as "jobTitle", l.city, l.country, l.fields,
  coalesce((coalesce(l.provenance -> 'email', l.provenance -> '*') ->> 0)::int >= 4, false) as "hasProvenEmail"`

/** Known leads that changed since they were looked at, after a lead in the order of ids. */
export async function readUnlooked(
  db: Db,
  workspaceId: string,
  after: string | null,
  most: number,
): Promise<LookedLead[]> {
  return rows(
    db,
    sql`select ${looked} from leads l left join duplicate_looked d on d.lead_id = l.id
        where l.workspace_id = ${workspaceId} and l.status = 'active' and l.is_known
          and l.id > ${after ?? '00000000-0000-0000-0000-000000000000'}::uuid and d.revision is distinct from l.revision
        order by l.id limit ${most}`,
  )
}

/** Known leads by a draw that is the same each time, about so many, to learn from what is usual among them. */
export async function readUsual(db: Db, workspaceId: string, about: number): Promise<LookedLead[]> {
  const [counted] = await rows<{ leads: number }>(
    db,
    sql`select count(*)::int as leads from leads where workspace_id = ${workspaceId} and status = 'active' and is_known`,
  )
  const oneIn = Math.max(1, Math.floor((counted?.leads ?? 0) / about))
  return rows(
    db,
    sql`select ${looked} from leads l where l.workspace_id = ${workspaceId} and l.status = 'active' and l.is_known
          and abs(hashtext(l.id::text)) % ${oneIn} = 0 order by l.id limit ${about * 2}`,
  )
}

/** Leads that share a key with some of these; a key of more than `largest` leads tells nobody apart and is passed over. */
export async function readMeeting(
  db: Db,
  workspaceId: string,
  leadIds: readonly string[],
  bounds: { largest: number; most: number },
): Promise<LookedLead[]> {
  return rows(
    db,
    sql`with mine as (select distinct key from duplicate_keys where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])),
          small as (
            select m.key from mine m join duplicate_keys k on k.workspace_id = ${workspaceId} and k.key = m.key
            group by m.key having count(*) between 2 and ${bounds.largest}
          ),
          met as (
            select distinct k.lead_id from small s join duplicate_keys k on k.workspace_id = ${workspaceId} and k.key = s.key
            where not k.lead_id = any(${leadIds}::uuid[])
          )
        select ${looked} from met join leads l on l.id = met.lead_id
        where l.workspace_id = ${workspaceId} and l.status = 'active' and l.is_known order by l.id limit ${bounds.most}`,
  )
}

/** Gives leads the keys that they have now. */
export async function writeKeys(
  tx: Db,
  workspaceId: string,
  keys: readonly { leadId: string; keys: readonly number[] }[],
): Promise<void> {
  const all = keys.flatMap(({ leadId, keys: own }) => own.map((key) => ({ leadId, key })))
  await run(
    tx,
    sql`delete from duplicate_keys where lead_id = any(${keys.map(({ leadId }) => leadId)}::uuid[])`,
  )
  await run(
    tx,
    sql`insert into duplicate_keys (workspace_id, key, lead_id)
        select ${workspaceId}, f.key, f.lead_id
        from unnest(${all.map(({ key }) => key)}::bigint[], ${all.map(({ leadId }) => leadId)}::uuid[]) as f(key, lead_id)
        on conflict do nothing`,
  )
}

/** Notes which revision of each lead was looked at. */
export async function noteLooked(
  tx: Db,
  workspaceId: string,
  leads: readonly Pick<LookedLead, 'id' | 'revision'>[],
): Promise<void> {
  await run(
    tx,
    sql`insert into duplicate_looked (lead_id, workspace_id, revision)
        select f.id, ${workspaceId}, f.revision
        from unnest(${leads.map(({ id }) => id)}::uuid[], ${leads.map(({ revision }) => revision)}::int[]) as f(id, revision)
        order by f.id
        on conflict (lead_id) do update set revision = excluded.revision`,
  )
}

/** Of these pairs, those that wait for a person: proposed, not decided on and not kept apart. */
export async function waitingPairs(
  db: Db,
  workspaceId: string,
  pairs: readonly LookAlike[],
): Promise<{ leadA: string; leadB: string }[]> {
  return rows(
    db,
    sql`select p.lead_a as "leadA", p.lead_b as "leadB" from merge_proposals p
        join unnest(${pairs.map(({ leadA }) => leadA)}::uuid[], ${pairs.map(({ leadB }) => leadB)}::uuid[]) as f(a, b)
          on (p.lead_a, p.lead_b) in ((f.a, f.b), (f.b, f.a))
        where p.workspace_id = ${workspaceId} and p.resolved_at is null and not exists (
          select 1 from kept_apart k where k.lead_a = least(f.a, f.b) and k.lead_b = greatest(f.a, f.b))`,
  )
}
