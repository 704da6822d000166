// Gathers what waits for a person from wherever it stands.
import { ownServer } from '../connectors/index.ts'
import { countProposals } from '../leads/index.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { readReadings } from '../projections/score/index.ts'
import type { Candidate } from './candidates.ts'
import type { NoticeKind } from './contract.ts'
import { readEndedImports, readWaiting } from './store/answers.ts'
import { readAbandonedCarts } from './store/carts.ts'
import { readFailedDeliveries, readLostConnections } from './store/connections.ts'
import type { Waiting } from './store/answers.ts'
import { readColdLeads, readHotLeads } from './store/leads.ts'
import type { FoundLeads } from './store/leads.ts'

/** A failed import is told of for so long. */
const IMPORT_DAYS = 30
/** And one that is done. */
const DONE_DAYS = 3
/** And deliveries that cannot go, or of which nobody knows whether they arrived. */
const DELIVERY_DAYS = 7
/** A cart is worth a word while it is fresh: later nobody comes back to it. */
const CART_DAYS = 3
const DAY_MS = 86_400_000

export interface Gathered {
  hot: FoundLeads
  cold: FoundLeads
  others: Candidate[]
  /** why leads are missing, in a sentence */
  problem: string | null
}

export async function gather(
  { db, clickhouse, clock }: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  workspaceId: string,
): Promise<Gathered> {
  const now = clock().getTime()
  const readings = await readReadings(db, workspaceId)
  const asked = { workspaceId, now, readings }
  const [leads, others] = await Promise.all([
    leadsOrProblem(Promise.all([readHotLeads(clickhouse, asked), readColdLeads(clickhouse, asked)])),
    gatherOthers(db, workspaceId, now),
  ])
  return { ...leads, others }
}

/** What waits for a person, or is done, and is about no lead. @param now ms since 1970 */
export async function gatherOthers(
  db: Services['db'],
  workspaceId: string,
  now: number,
): Promise<Candidate[]> {
  const [waiting, pairs, failed, done, connections, deliveries, carts] = await Promise.all([
    readWaiting(db, workspaceId),
    countProposals(db, workspaceId),
    readEndedImports(db, workspaceId, 'failed', new Date(now - IMPORT_DAYS * DAY_MS)),
    readEndedImports(db, workspaceId, 'done', new Date(now - DONE_DAYS * DAY_MS)),
    readLostConnections(db, workspaceId),
    readFailedDeliveries(db, workspaceId, new Date(now - DELIVERY_DAYS * DAY_MS)),
    readAbandonedCarts(db, workspaceId, new Date(now - CART_DAYS * DAY_MS)),
  ])
  const importsOf = (kind: NoticeKind, imports: typeof failed) =>
    imports.map(({ id, fileName, error, endedAt }) =>
      candidateOf(kind, {
        subject: id,
        happenedAt: endedAt.getTime(),
        about: [fileName, error].filter(Boolean).join(': '),
      }),
    )
  return [
    ...waitingOf('abandoned_carts', carts),
    ...waitingOf('parked_messages', waiting.parkedMessages),
    ...waitingOf('refused_events', waiting.refusedEvents),
    ...importsOf('failed_import', failed),
    ...connections.map(({ id, name, connector, problem, lostAt }) =>
      candidateOf(connector === ownServer.id ? 'stopped_webhook' : 'lost_connection', {
        subject: id,
        happenedAt: lostAt.getTime(),
        about: [name, problem].filter(Boolean).join(': '),
      }),
    ),
    ...waitingOf('failed_deliveries', deliveries),
    ...waitingOf('duplicates', { count: pairs, newestAt: waiting.newestPairAt }),
    ...waitingOf('failed_jobs', waiting.failedJobs),
    ...importsOf('finished_import', done),
  ]
}

async function leadsOrProblem(
  asked: Promise<[FoundLeads, FoundLeads]>,
): Promise<Pick<Gathered, 'hot' | 'cold' | 'problem'>> {
  try {
    const [hot, cold] = await asked
    return { hot, cold, problem: null }
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 503) throw error
    const none = { candidates: [], total: 0 }
    return { hot: none, cold: none, problem: error.message }
  }
}

function waitingOf(kind: NoticeKind, { count, newestAt }: Waiting): Candidate[] {
  return count === 0 ? [] : [candidateOf(kind, { happenedAt: newestAt?.getTime() ?? 0, count })]
}

function candidateOf(kind: NoticeKind, parts: Pick<Candidate, 'happenedAt'> & Partial<Candidate>): Candidate {
  return {
    kind,
    subject: '',
    count: 1,
    about: '',
    ownerId: null,
    score: null,
    grade: null,
    stage: '',
    ...parts,
  }
}
