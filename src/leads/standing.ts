// What is understood of leads as of a moment, as lists show it beside the record.
import type { Fact } from '../conditions/index.ts'
import type { Db } from '../platform/postgres.ts'
import type { Lead } from './contract.ts'
import { declaredFacts } from './declared.ts'
import type { FactState } from './fact-row.ts'
import type { LeadSubject } from './facts.ts'
import { readFactStates } from './store/fact-parts.ts'

type Standing = NonNullable<Lead['standing']>

/** Of leads that are understood; the others are absent. */
export async function readStandings(
  db: Db,
  workspaceId: string,
  leadIds: string[],
  now: Date,
): Promise<Map<string, Standing>> {
  const [states, facts] = await Promise.all([
    readFactStates(db, workspaceId, leadIds),
    declaredFacts(db, workspaceId),
  ])
  const byName = new Map(facts.map((fact) => [fact.name, fact]))
  return new Map([...states].map(([id, state]) => [id, standingOf(state, byName, now)]))
}

function standingOf(state: FactState, facts: ReadonlyMap<string, Fact<LeadSubject>>, now: Date): Standing {
  const read = (name: string) => {
    const value = facts.get(name)?.read({ ...NOBODY, state }, { now, timeZone: 'UTC' })
    return value ?? null
  }
  return {
    score: numberOf(read('score')),
    grade: textOf(read('grade')),
    temperature: textOf(read('temperature')),
    confidence: numberOf(read('scoreConfidence')),
    stage: state.stage ?? null,
    predicted: numberOf(read('predictedScore')),
  }
}

// What is declared of a lead is read from its state alone.
const NOBODY: LeadSubject = {
  record: {
    id: '',
    workspace_id: '',
    status: 'active',
    binned_at: null,
    is_known: false,
    email: null,
    phone: null,
    first_name: null,
    last_name: null,
    company: null,
    job_title: null,
    city: null,
    country: null,
    language: null,
    time_zone: null,
    source: '',
    owner_id: null,
    tags: [],
    fields: {},
    created_at: '',
    updated_at: '',
  },
  consents: {},
  activity: undefined,
  orders: undefined,
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
