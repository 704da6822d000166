// Reads segments: how large they are, who is in them, who came and went, and why.
import { loadHistories, needsOf } from '../projections/history/index.ts'
import { findLead, presentLeads } from '../leads/index.ts'
import { leadFamily } from '../identity/index.ts'
import type { QueryOf, ReplyOf } from '../lib/endpoint.ts'
import { dayInZone } from '../lib/instant.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import type * as contract from './contract.ts'
import type { Segment, SegmentMove } from './contract.ts'
import { dependentsOf, movingSegments, namedSegments } from './definitions.ts'
import { explain } from './explain.ts'
import { knownSegments } from './known.ts'
import type { KnownSegments } from './known.ts'
import { segmentLead } from './membership.ts'
import { readSegment, readVersions } from './store/definitions.ts'
import type { SegmentRow } from './store/definitions.ts'
import * as members from './store/members.ts'
import { holdsFor, wordsOf } from './tree.ts'

type World = Pick<Services, 'db' | 'clickhouse' | 'clock'>

/** Days of a trend, today included. */
const TREND_DAYS = 30

export async function listSegments(
  world: Pick<World, 'db' | 'clock'>,
  workspaceId: string,
): Promise<ReplyOf<typeof contract.listSegments>> {
  const known = await knownSegments(world.db, workspaceId)
  const show = await presenter(world, workspaceId, known)
  return { items: known.all.map(show) }
}

export async function getSegment(
  world: Pick<World, 'db' | 'clock'>,
  workspaceId: string,
  id: string,
): Promise<Segment> {
  const known = await knownSegments(world.db, workspaceId)
  const segment = known.all.find((one) => one.id === id)
  if (!segment) throw missing('segment', id)
  return (await presenter(world, workspaceId, known))(segment)
}

/** A page of members. The cursor is the id of the last lead of the page before. */
export async function listMembers(
  { db }: Pick<World, 'db'>,
  workspaceId: string,
  id: string,
  { cursor, limit }: QueryOf<typeof contract.listSegmentMembers>,
): Promise<ReplyOf<typeof contract.listSegmentMembers>> {
  await theSegment(db, workspaceId, id)
  const found = await members.readMembers(db, id, cursorId(cursor), limit + 1)
  const page = found.slice(0, limit)
  const leads = await presentLeads(
    db,
    workspaceId,
    page.map(({ leadId }) => leadId),
  )
  const byId = new Map(leads.map((lead) => [lead.id, lead]))
  return {
    items: page.flatMap(({ leadId, enteredAt, reason }) => {
      const lead = byId.get(leadId)
      return lead ? [{ lead, enteredAt: enteredAt.toISOString(), reason }] : []
    }),
    nextCursor: found.length > limit ? page.at(-1)!.leadId : null,
  }
}

/** A page of entries and exits, newest first. */
export async function listMoves(
  { db }: Pick<World, 'db'>,
  workspaceId: string,
  id: string,
  { cursor, limit, kind }: QueryOf<typeof contract.listSegmentMoves>,
): Promise<ReplyOf<typeof contract.listSegmentMoves>> {
  await theSegment(db, workspaceId, id)
  const before = cursorId(cursor)
  const found = await members.readMoves(db, id, {
    limit: limit + 1,
    ...(kind ? { kind } : {}),
    ...(before ? { before } : {}),
  })
  const page = found.slice(0, limit)
  return {
    items: await presentMoves(db, workspaceId, page),
    nextCursor: found.length > limit ? page.at(-1)!.id : null,
  }
}

export async function listVersions(
  { db }: Pick<World, 'db'>,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.listSegmentVersions>> {
  const { all, facts, names } = await knownSegments(db, workspaceId)
  if (!all.some((segment) => segment.id === id)) throw missing('segment', id)
  const versions = await readVersions(db, id)
  return {
    items: versions.map(({ version, condition, actor, adoptedAt }) => ({
      version,
      condition,
      words: wordsOf(condition, facts, names),
      actor,
      adoptedAt: adoptedAt.toISOString(),
    })),
  }
}

/** The segments that a lead is in; the id of a merged lead tells of the lead that it is part of. */
export async function listSegmentsOf(
  { db }: Pick<World, 'db'>,
  workspaceId: string,
  leadId: string,
): Promise<ReplyOf<typeof contract.listSegmentsOfLead>> {
  const found = await members.readSegmentsOf(db, workspaceId, await findLead(db, workspaceId, leadId))
  return {
    items: found.map(({ id, name, enteredAt, reason }) => ({
      id,
      name,
      enteredAt: enteredAt.toISOString(),
      reason,
    })),
  }
}

/** Why a lead is in a segment or not, as of now. Refuses (409 `segment_broken`) where the condition cannot be asked any more. */
export async function explainMembership(
  { db, clickhouse, clock }: World,
  workspaceId: string,
  id: string,
  asked: string,
): Promise<ReplyOf<typeof contract.explainMembership>> {
  const known = await knownSegments(db, workspaceId)
  const { facts, timeZone, names, problems } = known
  if (!known.all.some((one) => one.id === id)) throw missing('segment', id)
  const segment = known.asked.find((one) => one.id === id)
  if (!segment)
    throw new Refusal('segment_broken', 409, `The segment cannot be asked: ${problems.get(id) ?? ''}`)
  const leadId = await findLead(db, workspaceId, asked)
  const family = await leadFamily(db, workspaceId, leadId)
  const [{ histories }, member, moves, inside] = await Promise.all([
    loadHistories({ db, clickhouse }, workspaceId, [leadId], needsOf([segment.condition])),
    members.readMember(db, id, leadId),
    members.readMoves(db, id, { leadIds: family, limit: 20 }),
    members.readSegmentsOf(db, workspaceId, leadId),
  ])
  const history = histories.find((one) => one.leadId === leadId)
  if (!history) throw missing('lead', asked)
  const { subject, events } = segmentLead({
    history,
    state: { facts: history.subject.state ?? {}, details: {} },
  })
  const lead = { subject: { ...subject, segments: inside.map((one) => one.id) }, events }
  const asOf = { now: clock(), timeZone }
  const [shown] = await presentLeads(db, workspaceId, [leadId])
  return {
    leadId,
    leadLabel: shown?.label ?? '',
    holds: subject.record.status === 'active' && holdsFor(segment.checked, lead, asOf),
    enteredAt: member?.enteredAt.toISOString() ?? null,
    reason: member?.reason ?? null,
    lines: explain(segment.condition, segment.checked, lead, { facts, asOf, segmentNames: names }),
    moves: await presentMoves(db, workspaceId, moves),
  }
}

async function theSegment(db: Db, workspaceId: string, id: string): Promise<SegmentRow> {
  const segment = await readSegment(db, workspaceId, id)
  if (!segment) throw missing('segment', id)
  return segment
}

function cursorId(cursor: string | undefined): string | undefined {
  if (cursor === undefined || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)) return cursor
  throw new Refusal(
    'cursor_invalid',
    400,
    'The cursor does not belong to this list. Start again without one, and pass `nextCursor` as it was given.',
  )
}

async function presentMoves(
  db: Db,
  workspaceId: string,
  moves: readonly members.MoveRow[],
): Promise<SegmentMove[]> {
  const leads = await presentLeads(db, workspaceId, [...new Set(moves.map(({ leadId }) => leadId))])
  const labels = new Map(leads.map((lead) => [lead.id, lead.label]))
  return moves.map((move) => ({
    ...move,
    leadLabel: labels.get(move.leadId) ?? 'A lead that is part of another now',
    movedAt: move.movedAt.toISOString(),
    enteredAt: move.enteredAt?.toISOString() ?? null,
  }))
}

async function presenter(
  { db, clock }: Pick<World, 'db' | 'clock'>,
  workspaceId: string,
  { all, facts, timeZone, problems, names }: KnownSegments,
): Promise<(segment: SegmentRow) => Segment> {
  const now = clock().getTime()
  const today = dayInZone(now, timeZone)
  const since = dayInZone(now - (TREND_DAYS - 1) * 86_400_000, timeZone)
  const trends = await members.readTrends(db, workspaceId, since)
  const moving = movingSegments(all, facts)
  const named = (ids: string[]) => ids.flatMap((id) => (names.has(id) ? [{ id, name: names.get(id)! }] : []))
  return (segment) => {
    const { id, status, size, filled, toFill } = segment
    const problem = problems.get(id) ?? segment.problem
    return {
      id,
      name: segment.name,
      description: segment.description,
      condition: segment.condition,
      words: wordsOf(segment.condition, facts, names),
      version: segment.version,
      status: problem === null ? status : 'broken',
      problem,
      progress: status === 'filling' && problem === null ? { done: filled, total: toFill } : null,
      size,
      trend: [...(trends.get(id) ?? []).filter(({ day }) => day !== today), { day: today, size }],
      movesWithTime: moving.has(id),
      uses: named(namedSegments(segment.condition)),
      usedBy: dependentsOf(id, all)
        .filter((other) => namedSegments(other.condition).includes(id))
        .map((other) => ({ id: other.id, name: other.name })),
      createdBy: segment.createdBy,
      createdAt: segment.createdAt.toISOString(),
      updatedAt: segment.updatedAt.toISOString(),
    }
  }
}
