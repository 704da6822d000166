// Gathers what waits for a person from wherever it stands.
import { countProposals } from '../leads/index.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { readReadings } from '../projections/score/index.ts'
import type { Candidate } from './candidates.ts'
import type { NoticeKind } from './contract.ts'
import { readFailedImports, readWaiting } from './store/answers.ts'
import { readFailedDeliveries, readLostConnections } from './store/connections.ts'
import type { Waiting } from './store/answers.ts'
import { readColdLeads, readHotLeads } from './store/leads.ts'
import type { FoundLeads } from './store/leads.ts'

/** A failed import is told of for so long. */
const IMPORT_DAYS = 30
/** And deliveries that cannot go, or of which nobody knows whether they arrived. */
const DELIVERY_DAYS = 7
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
  const [leads, waiting, pairs, imports, connections, deliveries] = await Promise.all([
    leadsOrProblem(Promise.all([readHotLeads(clickhouse, asked), readColdLeads(clickhouse, asked)])),
    readWaiting(db, workspaceId),
    countProposals(db, workspaceId),
    readFailedImports(db, workspaceId, new Date(now - IMPORT_DAYS * DAY_MS)),
    readLostConnections(db, workspaceId),
    readFailedDeliveries(db, workspaceId, new Date(now - DELIVERY_DAYS * DAY_MS)),
  ])
  return {
    ...leads,
    others: [
      ...waitingOf('parked_messages', waiting.parkedMessages),
      ...waitingOf('refused_events', waiting.refusedEvents),
      ...imports.map(({ id, fileName, error, failedAt }) =>
        candidateOf('failed_import', {
          subject: id,
          happenedAt: failedAt.getTime(),
          about: [fileName, error].filter(Boolean).join(': '),
        }),
      ),
      ...connections.map(({ id, name, problem, lostAt }) =>
        candidateOf('lost_connection', {
          subject: id,
          happenedAt: lostAt.getTime(),
          about: [name, problem].filter(Boolean).join(': '),
        }),
      ),
      ...waitingOf('failed_deliveries', deliveries),
      ...waitingOf('duplicates', { count: pairs, newestAt: waiting.newestPairAt }),
      ...waitingOf('failed_jobs', waiting.failedJobs),
    ],
  }
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
