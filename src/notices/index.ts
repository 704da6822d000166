// The verbs of notices: list what waits for a person, dismiss it for the team, and say who takes care of it.
import { findLead, isMember, presentLeads, updateLead } from '../leads/index.ts'
import type { BodyOf, QueryOf, ReplyOf } from '../lib/endpoint.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import type { Caller } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import { hotSince, isDismissed, keyOf } from './candidates.ts'
import type { Answer, Candidate } from './candidates.ts'
import { leadKinds, newsKinds, noticeKinds } from './contract.ts'
import type * as contract from './contract.ts'
import { gather } from './gather.ts'
import {
  isImport,
  readAnswers,
  readOwners,
  readSeen,
  takeDismissalBack,
  writeDismissal,
  writeOwner,
  writeSeen,
} from './store/answers.ts'
import { isConnection } from './store/connections.ts'
import { readWarmth } from './store/leads.ts'

export { forgetNotices } from './store/answers.ts'
export { noticeCron, noticeTasks } from './jobs.ts'

/** Leads of a kind in the bell, and notices in all. */
const BELL_LEADS = 5
const BELL_ITEMS = 20

/** The newest of what waits and of what is done, with what the caller has not seen yet. */
export async function readBell(
  services: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  { workspaceId, actor }: Pick<Caller, 'workspaceId' | 'actor'>,
): Promise<ReplyOf<typeof contract.readBell>> {
  const [listed, seenAt] = await Promise.all([
    listNotices(services, workspaceId, { state: 'open', limit: BELL_LEADS }, noticeKinds),
    readSeen(services.db, workspaceId, actor),
  ])
  const items = listed.items
    .map((one) => ({ ...one, isUnread: seenAt === null || new Date(one.happenedAt) > seenAt }))
    .sort((a, b) => (a.happenedAt < b.happenedAt ? 1 : -1))
  return { items: items.slice(0, BELL_ITEMS), unread: items.filter(({ isUnread }) => isUnread).length }
}

/** Notes that the caller has seen what happened up to an instant; one in the future counts as now. */
export async function seeNotices(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { workspaceId, actor }: Pick<Caller, 'workspaceId' | 'actor'>,
  through: string,
): Promise<Record<string, never>> {
  const at = new Date(through)
  const now = clock()
  await writeSeen(db, workspaceId, actor, at < now ? at : now)
  return {}
}

/**
 * What waits for a person, by kind; leads of a kind up to a limit, with how many there are in all.
 * @param kinds that are listed; those that need a person unless told
 */
export async function listNotices(
  services: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  workspaceId: string,
  { state, owner, limit }: QueryOf<typeof contract.listNotices>,
  kinds: readonly contract.NoticeKind[] = noticeKinds.filter((kind) => !newsKinds.includes(kind)),
): Promise<ReplyOf<typeof contract.listNotices>> {
  const { db, clickhouse } = services
  const { hot, cold, others, problem } = await gather(services, workspaceId)
  const all = [...hot.candidates, ...cold.candidates, ...others].filter(({ kind }) => kinds.includes(kind))
  const answers = new Map(
    (
      await readAnswers(
        db,
        workspaceId,
        all.map(({ subject }) => subject),
      )
    ).map((answer) => [keyOf(answer), answer]),
  )
  // Whoever was just given a lead finds it: the copy of the leads comes to it within a second.
  const owners =
    owner === undefined
      ? new Map<string, string | null>()
      : await readOwners(
          db,
          workspaceId,
          [...hot.candidates, ...cold.candidates].map(({ subject }) => subject),
        )
  const dated = await withTurns(
    all.map((one) => withOwner(one, answers.get(keyOf(one)), owners)),
    (one) => Boolean(answers.get(keyOf(one))?.dismissedThrough),
  )
  const isAsked = ({ ownerId }: Candidate) =>
    owner === undefined || (owner === 'nobody' ? ownerId === null : ownerId === owner)
  const [open, dismissed] = [false, true].map((wanted) =>
    dated.filter((one) => isAsked(one) && isDismissed(one, answers.get(keyOf(one))) === wanted),
  ) as [Candidate[], Candidate[]]
  const chosen = state === 'open' ? open : dismissed
  const beyond = owner === undefined && state === 'open'
  const countOf = (kind: contract.NoticeKind) => chosen.filter((one) => one.kind === kind).length
  const unseen = {
    hot_lead: hot.total - hot.candidates.length,
    cold_lead: cold.total - cold.candidates.length,
  }
  const listed = noticeKinds.flatMap((kind) => chosen.filter((one) => one.kind === kind).slice(0, limit))
  return {
    items: await present(services, workspaceId, await withTurns(listed, () => true), answers),
    totals: Object.fromEntries(
      noticeKinds.map((kind) => [
        kind,
        countOf(kind) + (beyond && (kind === 'hot_lead' || kind === 'cold_lead') ? unseen[kind] : 0),
      ]),
    ) as Record<contract.NoticeKind, number>,
    others: (state === 'open' ? dismissed : open).length,
    problem,
  }

  // Leads that are hot happened when they turned so, which only their history tells.
  async function withTurns(list: Candidate[], isNeeded: (one: Candidate) => boolean): Promise<Candidate[]> {
    const needed = list.filter((one) => one.kind === 'hot_lead' && isNeeded(one))
    if (needed.length === 0) return list
    const warmth = await readWarmth(
      clickhouse,
      workspaceId,
      needed.map(({ subject }) => subject),
    )
    const turned = new Set(needed)
    return list.map((one) =>
      turned.has(one) ? { ...one, happenedAt: hotSince(warmth.get(one.subject) ?? [], one.happenedAt) } : one,
    )
  }
}

/** Dismisses a notice for the whole team. */
export async function dismissNotice(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { workspaceId, actor }: Caller,
  { happenedAt, ...named }: BodyOf<typeof contract.dismissNotice>,
): Promise<Record<string, never>> {
  const { kind, subject } = await checkSubject(db, workspaceId, named)
  await writeDismissal(
    db,
    { workspaceId, kind, subject },
    { through: new Date(happenedAt), by: actor, at: clock() },
  )
  return {}
}

/** Takes a dismissal back. */
export async function restoreNotice(
  { db }: Pick<Services, 'db'>,
  { workspaceId }: Caller,
  named: BodyOf<typeof contract.restoreNotice>,
): Promise<Record<string, never>> {
  const { kind, subject } = await checkSubject(db, workspaceId, named)
  await takeDismissalBack(db, { workspaceId, kind, subject })
  return {}
}

/** Gives a notice to a member, or to nobody. Refuses (400) whom the team does not have. */
export async function assignNotice(
  services: Pick<Services, 'db' | 'clock'>,
  caller: Caller,
  { ownerId, ...named }: BodyOf<typeof contract.assignNotice>,
): Promise<Record<string, never>> {
  const { db } = services
  const { workspaceId } = caller
  const { kind, subject } = await checkSubject(db, workspaceId, named)
  if (leadKinds.includes(kind)) {
    await updateLead(services, caller, subject, { ownerId: ownerId ?? '' })
    return {}
  }
  if (ownerId !== null && !(await isMember(db, workspaceId, ownerId)))
    throw new Refusal('owner_unknown', 400, 'Whoever takes care of it must be a member of the team.')
  await writeOwner(db, { workspaceId, kind, subject }, ownerId)
  return {}
}

// Refuses (404) a lead, an import or a connection that this workspace does not have; what a kind has but one of has no subject.
async function checkSubject(
  db: Services['db'],
  workspaceId: string,
  { kind, subject }: { kind: contract.NoticeKind; subject: string },
): Promise<{ kind: contract.NoticeKind; subject: string }> {
  if (leadKinds.includes(kind)) return { kind, subject: await findLead(db, workspaceId, checkId(subject)) }
  const noun = NOUNS[kind]
  if (!noun) return { kind, subject: '' }
  const id = checkId(subject)
  const isThere = noun === 'import' ? isImport : isConnection
  if (!(await isThere(db, workspaceId, id))) throw missing(noun, subject)
  return { kind, subject: id }
}

const NOUNS: Partial<Record<contract.NoticeKind, 'import' | 'connection' | 'webhook'>> = {
  failed_import: 'import',
  finished_import: 'import',
  lost_connection: 'connection',
  stopped_webhook: 'webhook',
}

function checkId(subject: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subject))
    throw new Refusal(
      'subject_invalid',
      400,
      'Name the notice by its kind and subject, as the list gives them.',
    )
  return subject.toLowerCase()
}

function withOwner(
  one: Candidate,
  answer: Answer | undefined,
  owners: ReadonlyMap<string, string | null>,
): Candidate {
  const ownerId = leadKinds.includes(one.kind) ? (owners.get(one.subject) ?? null) : (answer?.ownerId ?? null)
  return { ...one, ownerId }
}

async function present(
  { db }: Pick<Services, 'db'>,
  workspaceId: string,
  list: readonly Candidate[],
  answers: ReadonlyMap<string, Answer>,
): Promise<contract.Notice[]> {
  const ids = list.filter(({ kind }) => leadKinds.includes(kind)).map(({ subject }) => subject)
  const leads = new Map((await presentLeads(db, workspaceId, ids)).map((lead) => [lead.id, lead]))
  return list.flatMap((one): contract.Notice[] => {
    const { kind, subject, happenedAt, count, about, score, grade, stage } = one
    const lead = leads.get(subject)
    if (leadKinds.includes(kind) && lead?.status !== 'active') return []
    const answer = answers.get(keyOf(one))
    return [
      {
        kind,
        subject,
        happenedAt: new Date(happenedAt).toISOString(),
        count,
        about,
        lead: lead
          ? {
              id: lead.id,
              label: lead.label,
              email: lead.email,
              company: lead.company,
              lastSeenAt: lead.lastSeenAt,
              score,
              grade,
              stage,
            }
          : null,
        ownerId: lead ? lead.ownerId : one.ownerId,
        dismissed:
          answer?.dismissedAt && isDismissed(one, answer)
            ? { by: answer.dismissedBy ?? '', at: answer.dismissedAt.toISOString() }
            : null,
      },
    ]
  })
}
