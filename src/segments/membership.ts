// Keeps who is in which segment while leads are understood: each changed lead is held against all segments, in memory.
import { leavesOf } from '../conditions/contract.ts'
import type { Condition } from '../conditions/contract.ts'
import { logEvents, systemEvent } from '../events/index.ts'
import { newId } from '../lib/ids.ts'
import type { HistoryEvent, Prepared, Projection, Turn, Understood } from '../projections/contract.ts'
import { decideMembership } from './decide.ts'
import { needsOf } from '../projections/history/index.ts'
import type { KnownSegments } from './known.ts'
import { knownSegments } from './known.ts'
import { readMemberships, writeMoves } from './store/members.ts'
import type { Move } from './store/members.ts'
import type { SegmentEvent, SegmentLead } from './tree.ts'

/** As the pass over changed leads works it, after all that segments may ask for. */
export const segmentMembership: Projection = {
  name: 'segments',
  async prepare(turn) {
    const known = await knownSegments(turn.tx, turn.workspaceId)
    return prepared(turn, known)
  },
}

/**
 * A lead of the pass as segments look at it.
 * @param names of the events that conditions ask for, and so all that is looked at beside the last act; all unless told
 */
export function segmentLead(
  { history, state }: Pick<Understood, 'history' | 'state'>,
  names?: ReadonlySet<string>,
): SegmentLead {
  const { events, subject } = history
  const last = events.findLast((event) => !event.isBot)
  const asked = names ? events.filter((event) => event === last || names.has(event.name)) : events
  return { subject: { ...subject, state: state.facts }, events: asked.map(segmentEvent) }
}

function prepared(turn: Turn, { facts, timeZone, all, asked }: KnownSegments): Prepared {
  const { tx, workspaceId, now } = turn
  const conditions = asked.map(({ condition }) => condition)
  const names = new Set(conditions.flatMap(eventNames))
  const versions = new Map(all.map(({ id, version }) => [id, version]))
  const goneMoves = (leadId: string, before: Iterable<string>): Move[] =>
    [...before].map((segmentId) => ({
      id: newId(),
      leadId,
      segmentId,
      kind: 'left',
      version: versions.get(segmentId) ?? 1,
      reason: { kind: 'gone', words: null, holds: false, event: null },
    }))
  return {
    needs: needsOf(conditions),
    fold: () => ({ facts: {} }),
    async save(understood) {
      if (all.length === 0) return
      const ids = understood.map(({ history }) => history.leadId)
      const memberships = await readMemberships(tx, workspaceId, ids)
      const decide = decideMembership({ segments: asked, facts, asOf: { now, timeZone } })
      const moves = understood.flatMap((lead): Move[] => {
        const { leadId, subject } = lead.history
        const before = memberships.get(leadId) ?? NOWHERE
        if (subject.record.status !== 'active') return goneMoves(leadId, before)
        const decisions = decide({
          ...segmentLead(lead, names),
          before,
          sinceMs: lead.before && lead.before.computedAt.getTime() - ARRIVING_MS,
        })
        return decisions.map((decision) => ({ id: newId(), leadId, ...decision }))
      })
      const taken = await writeMoves(tx, workspaceId, moves, now)
      await tellMoves(
        turn,
        moves.filter((move) => taken.has(move.id)),
        all,
      )
    },
    async forget(leadIds) {
      if (all.length === 0) return
      const memberships = await readMemberships(tx, workspaceId, [...leadIds])
      const moves = [...memberships].flatMap(([leadId, before]) => goneMoves(leadId, before))
      await writeMoves(tx, workspaceId, moves, now)
    },
  }
}

/** What came in so shortly before a look may not have been decided by then. */
const ARRIVING_MS = 5_000
function eventNames(condition: Condition): string[] {
  return leavesOf(condition).flatMap(({ leaf }) => ('event' in leaf ? [leaf.event] : []))
}

const NOWHERE: ReadonlySet<string> = new Set()

// On the timeline they are changes of the record: no act of the person, so no activity and no reason to be looked at again.
async function tellMoves(
  { tx, workspaceId, now, lane }: Turn,
  moves: readonly Move[],
  all: KnownSegments['all'],
): Promise<void> {
  const names = new Map(all.map(({ id, name }) => [id, name]))
  const entries = moves
    .filter(({ reason }) => reason.kind !== 'gone')
    .map(({ id, leadId, segmentId, kind, version, reason }) => ({
      workspaceId,
      leadId,
      event: systemEvent({
        eventId: id,
        at: now,
        name: kind === 'entered' ? 'segment_entered' : 'segment_left',
        category: 'record',
        call: 'system',
        source: 'segment',
        properties: {
          segmentId,
          segment: names.get(segmentId) ?? '',
          version,
          because: reason.kind,
          ...(reason.event ? { eventId: reason.event.id, event: reason.event.name } : {}),
        },
      }),
    }))
  await logEvents(tx, entries, newId(), lane === 'bulk')
}

function segmentEvent(event: HistoryEvent): SegmentEvent {
  return {
    eventId: event.eventId,
    name: event.name,
    occurredAt: new Date(event.at).toISOString(),
    receivedMs: event.receivedAt,
    isBot: event.isBot,
    channel: event.channel,
    source: event.source,
    utmSource: event.utmSource,
    utmMedium: event.utmMedium,
    utmCampaign: event.utmCampaign,
    pageUrl: event.pageUrl ?? '',
    pagePath: event.pagePath,
    pageTitle: event.pageTitle ?? '',
    referrer: event.referrer ?? '',
    device: event.device,
    country: event.country,
    properties: event.properties ?? {},
  }
}
