// Looks for duplicates among leads that are new or changed, some thousand at a time, and proposes what it finds.
import { setImmediate } from 'node:timers/promises'
import {
  cautious,
  findInSteps,
  gatherTable,
  mayMerge,
  meaningOfHeader,
  meetingKeys,
  noteLooked,
  proposeLookAlikes,
  readMeeting,
  readUnlooked,
  readUsual,
  waitingPairs,
  withdrawLookAlikes,
  writeKeys,
} from '../../identity/duplicates/index.ts'
import type { Found, LookAlike, LookedLead } from '../../identity/duplicates/index.ts'
import { Refusal } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { mergeLeads } from '../merge.ts'
import type { LeadReactions } from '../reactions.ts'
import { endLook, noteMerged, noteStep, readLook, readTeam, readTextFields } from './store.ts'

type Stores = Pick<Services, 'db' | 'clock'>

/** Leads of one step; with those that they may meet and those to learn from it takes some 200 MB at most. */
const stepSize = 4_000
const bounds = { largest: 60, most: 10_000 }
const usualLeads = 4_000

/**
 * One step of the look under way: the next leads are compared with each other and with all that they share a key with.
 * A worker that dies leaves the step to be done again.
 * @returns whether more steps follow
 */
export async function lookOn(
  stores: Stores,
  workspaceId: string,
  reactions: LeadReactions,
): Promise<boolean> {
  const { db, clock } = stores
  const look = await readLook(db, workspaceId)
  if (!look?.beganAt) return false
  const fresh = await readUnlooked(db, workspaceId, look.doneTo, stepSize)
  const last = fresh.at(-1)
  if (!last) {
    await endLook(db, workspaceId, clock())
    return false
  }
  await inTransaction(db, (tx) =>
    writeKeys(
      tx,
      workspaceId,
      fresh.map((lead) => ({ leadId: lead.id, keys: meetingKeys(lead) })),
    ),
  )
  const freshIds = fresh.map(({ id }) => id)
  const met = await readMeeting(db, workspaceId, freshIds, bounds)
  const usual = await readUsual(db, workspaceId, usualLeads)
  const leads = [...new Map([...fresh, ...met, ...usual].map((lead) => [lead.id, lead])).values()]
  const found = await compare(leads, await readTextFields(db, workspaceId))
  const pairs = lookAlikesOf(found, leads, new Set(freshIds))
  await inTransaction(db, async (tx) => {
    await withdrawLookAlikes(tx, workspaceId, freshIds, pairs)
    const made = await proposeLookAlikes(tx, workspaceId, pairs, clock())
    await noteLooked(tx, workspaceId, fresh)
    await noteStep(tx, workspaceId, { doneTo: last.id, leads: fresh.length, pairs: made })
  })
  if (look.mergesItself) await mergeSurest(stores, workspaceId, pairs, look.mergeAt, reactions)
  return true
}

/** A pair as it is proposed; `grounds` and the like go into its evidence. */
interface Alike extends LookAlike {
  evidence: {
    probability: number
    needsPerson: string | null
    because: { column: string; level: string; bits: number }[]
  }
}

// Others have their turn between the steps.
async function compare(
  leads: readonly LookedLead[],
  custom: readonly { key: string; label: string }[],
): Promise<Found> {
  const told = custom.filter(({ label }) => tellsWho(label))
  const gatherer = gatherTable([...headers, ...told.map(({ label }) => label)])
  for (const lead of leads) {
    gatherer.add([
      lead.firstName ?? '',
      lead.lastName ?? '',
      lead.email ?? '',
      lead.phone ?? '',
      lead.company ?? '',
      lead.jobTitle ?? '',
      lead.city ?? '',
      lead.country ?? '',
      ...told.map(({ key }) => textOf(lead.fields[key])),
    ])
  }
  const steps = findInSteps(gatherer.finish((record) => leads[record]!.id))
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await setImmediate()
  }
}

const headers = ['First name', 'Last name', 'E-mail', 'Phone', 'Company', 'Job title', 'City', 'Country']

// A custom field is compared where its name says what it holds of a person: an address, a date of birth, a tax number.
function tellsWho(label: string): boolean {
  const meaning = meaningOfHeader(label)
  return (
    meaning !== null && !['id', 'moment', 'url', 'category', 'text', 'name', 'full_name'].includes(meaning)
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function lookAlikesOf(found: Found, leads: readonly LookedLead[], fresh: ReadonlySet<string>): Alike[] {
  return found.pairs.flatMap(({ a, b, probability, needsPerson, reasons }) => {
    const [one, other] = [leads[a]!, leads[b]!]
    if (!fresh.has(one.id) && !fresh.has(other.id)) return []
    const areProvenTwo = one.hasProvenEmail && other.hasProvenEmail && one.email !== other.email
    return {
      leadA: one.id,
      leadB: other.id,
      evidence: {
        probability: areProvenTwo ? Math.min(probability, cautious) : probability,
        needsPerson: areProvenTwo ? 'proven_emails_differ' : needsPerson,
        because: reasons.map(({ column, level, bits }) => ({
          column,
          level,
          bits: Math.round(bits * 10) / 10,
        })),
      },
    }
  })
}

// The surest first. A pair that was decided on or is kept apart is not among those that wait.
async function mergeSurest(
  { db, clock }: Stores,
  workspaceId: string,
  pairs: readonly Alike[],
  mergeAt: number,
  reactions: LeadReactions,
): Promise<void> {
  const sure = pairs.filter(
    ({ evidence: { probability, needsPerson } }) =>
      needsPerson === null && mayMerge({ probability, needsPerson }, mergeAt),
  )
  const team = await readTeam(db, workspaceId)
  if (!team || sure.length === 0) return
  const waiting = await waitingPairs(db, workspaceId, sure)
  const caller = { ...team, actor: 'duplicates', userId: undefined, role: 'owner' }
  for (const { leadA, leadB } of waiting) {
    const [winnerId, loserId] = leadA < leadB ? [leadA, leadB] : [leadB, leadA]
    const done = await mergeLeads({ db, clock }, caller, { winnerId, loserId }, reactions).catch(asUnfit)
    if (done) await noteMerged(db, workspaceId, 1)
  }
}

// Two that became one through others, or one that was put into the bin meanwhile: nothing is left to merge.
function asUnfit(error: unknown): undefined {
  if (error instanceof Refusal) return undefined
  throw error
}
