// The verbs of the lifecycle: where a lead is and how it came there, moving it, and the rules.
import { record } from '../../accounts/index.ts'
import { checkCondition } from '../../conditions/index.ts'
import { logEvents, systemEvent } from '../../events/index.ts'
import { factsOfWorkspace, findLead, oweWorkspace, presentLeads } from '../../leads/index.ts'
import { lockLeads, leadFamily } from '../../identity/index.ts'
import { newId } from '../../lib/ids.ts'
import { currencyExponent, parseMoney } from '../../lib/money.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { Refusal } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type { LeadHistory, ManualMove } from '../contract.ts'
import {
  adoptRules as adoptNext,
  loadHistories,
  needsOf,
  readPlace,
  readRuleSets,
  readStates,
} from '../history/index.ts'
import type * as contract from './contract.ts'
import { presentCurrent, presentHistory } from './present.ts'
import { rulesInForce } from './projection.ts'
import type { LifecycleDetails } from './projection.ts'
import { readyRules, wayOf } from './ready.ts'
import { RULES_LIMIT, defaultLifecycleRules } from './rules.ts'
import type { LifecycleRule } from './rules.ts'
import { rankOf, stageLabels, stages } from './stages.ts'
import { insertMove, readLeadsToTry, readMoves } from './store.ts'

export { forgetMoves, readMoves } from './store.ts'
export { lifecycle } from './projection.ts'
export { readLifecycleRuleNames, renameLifecycleField } from './field-rules.ts'
export type { LifecycleDetails } from './projection.ts'

/** Has leads understood at once; false where that has to wait for the log. */
export type UnderstandNow = (workspaceId: string, leadIds: string[]) => Promise<boolean>

/** Where a lead is. */
export async function currentStage(
  services: Services,
  understand: UnderstandNow,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.currentStage>> {
  const leadId = await findLead(services.db, workspaceId, id)
  const { rules } = await rulesInForce(services.db, workspaceId)
  const way = await readWay(services, understand, workspaceId, leadId)
  return presentCurrent(leadId, way, rules.rules, services.clock().getTime())
}

/** The whole way of a lead. */
export async function stageHistory(
  services: Services,
  understand: UnderstandNow,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.stageHistory>> {
  const { db, clock } = services
  const leadId = await findLead(db, workspaceId, id)
  const [{ rules }, way, family] = await Promise.all([
    rulesInForce(db, workspaceId),
    readWay(services, understand, workspaceId, leadId),
    leadFamily(db, workspaceId, leadId),
  ])
  const decisions = [...(await readMoves(db, workspaceId, family)).values()].flat()
  return presentHistory(leadId, way, { rules: rules.rules, decisions, now: clock().getTime() })
}

/** Moves a lead by a person's decision. Refuses (409) a stage that it is in already, unless an amount comes with it. */
export async function moveStage(
  services: Services,
  understand: UnderstandNow,
  caller: Caller,
  id: string,
  asked: BodyOf<typeof contract.moveStage>,
): Promise<ReplyOf<typeof contract.moveStage>> {
  const { db, clock } = services
  const { workspaceId } = caller
  const leadId = await findLead(db, workspaceId, id)
  const before = await readWay(services, understand, workspaceId, leadId)
  const now = clock()
  const at = asked.at === undefined ? now : new Date(asked.at)
  if (at.getTime() > now.getTime() + CLOCKS_DIFFER_MS)
    throw new Refusal(
      'move_ahead',
      400,
      `${asked.at} has not come yet. Say when it was decided, or leave it out.`,
    )
  if (asked.stage === before.stage && !asked.amount)
    throw new Refusal(
      'stage_unchanged',
      409,
      `The lead is in ${stageLabels[asked.stage]} already. Choose another stage, or give the amount that it is worth.`,
    )
  const { currency: ours } = await readPlace(db, workspaceId)
  const move: ManualMove = {
    moveId: newId(),
    at: at.getTime(),
    seen: before.stage,
    to: asked.stage,
    reason: asked.reason,
    actor: caller.actor,
    ...amountOf(asked.amount, ours),
  }
  await inTransaction(db, async (tx) => {
    await lockLeads(tx, [leadId])
    await insertMove(tx, workspaceId, leadId, move)
    await logEvents(tx, [
      {
        workspaceId,
        leadId,
        event: systemEvent({
          eventId: newId(),
          at: now,
          name: 'stage_moved',
          category: 'record',
          call: 'system',
          source: caller.userId === undefined ? 'api' : 'user',
          actor: caller.actor,
          properties: { from: before.stage, to: asked.stage, reason: asked.reason },
        }),
      },
    ])
  })
  const isWorkedOut = await understand(workspaceId, [leadId])
  const { rules } = await rulesInForce(db, workspaceId)
  const way = (await storedWay(db, workspaceId, leadId)) ?? before
  return { ...presentCurrent(leadId, way, rules.rules, clock().getTime()), isWorkedOut }
}

const CLOCKS_DIFFER_MS = 5 * 60_000

/** The rules in force, their versions, and those that every workspace begins with. */
export async function lifecycleRules(
  db: Db,
  workspaceId: string,
): Promise<ReplyOf<typeof contract.getLifecycleRules>> {
  const [{ version, rules, ready }, versions] = await Promise.all([
    rulesInForce(db, workspaceId),
    readRuleSets(db, workspaceId, 'lifecycle'),
  ])
  return {
    version,
    rules: rules.rules,
    defaults: defaultLifecycleRules.rules,
    broken: ready.broken.map(({ rule, sentence }) => ({ id: rule.id, sentence })),
    versions: [
      ...versions.map((one) => ({
        version: one.version,
        adoptedAt: one.adoptedAt?.toISOString() ?? null,
        actor: one.actor,
        note: one.note,
      })),
      { version: 0, adoptedAt: null, actor: '', note: 'What every workspace begins with' },
    ],
  }
}

/** Leads whose ways are worked out for a try: a second's work. */
const TRIED = 1_000
const EXAMPLES = 20

/** What other rules would make of the leads seen last. Refuses (400) rules that ask for what there is not. */
export async function tryRules(
  { db, clickhouse }: Services,
  workspaceId: string,
  rules: readonly LifecycleRule[],
  earlier: (workspaceId: string) => Promise<(part: LeadHistory) => ReturnType<Parameters<typeof wayOf>[3]>>,
): Promise<ReplyOf<typeof contract.tryLifecycleRules>> {
  const [inForce, { facts }, { timeZone }, ids, scored] = await Promise.all([
    rulesInForce(db, workspaceId),
    factsOfWorkspace(db, workspaceId),
    readPlace(db, workspaceId),
    readLeadsToTry(db, workspaceId, TRIED),
    earlier(workspaceId),
  ])
  for (const { when } of rules) checkCondition(when, facts)
  const tried = readyRules(rules, facts)
  const asked = [...inForce.rules.rules, ...rules].map(({ when }) => when)
  const { histories } = await loadHistories({ db, clickhouse }, workspaceId, ids, needsOf(asked), (family) =>
    readMoves(db, workspaceId, family),
  )
  const moves = new Map(rules.map(({ id }) => [id, 0]))
  const ways = histories.map((history) => {
    const then = wayOf(history, tried.rules, timeZone, scored)
    for (const { rule } of then.moves) if (rule !== null) moves.set(rule, (moves.get(rule) ?? 0) + 1)
    return {
      leadId: history.leadId,
      now: wayOf(history, inForce.ready.rules, timeZone, scored).stage,
      then: then.stage,
    }
  })
  const changed = ways.filter((way) => way.now !== way.then)
  const farFirst = changed
    .sort((a, b) => Math.abs(rankOf(b.then) - rankOf(b.now)) - Math.abs(rankOf(a.then) - rankOf(a.now)))
    .slice(0, EXAMPLES)
  const labels = await labelsOf(
    db,
    workspaceId,
    farFirst.map(({ leadId }) => leadId),
  )
  return {
    leads: ways.length,
    changed: changed.length,
    stages: stages.map((stage) => ({
      stage,
      now: ways.filter(({ now }) => now === stage).length,
      then: ways.filter(({ then }) => then === stage).length,
    })),
    rules: [...moves].map(([id, count]) => ({ id, moves: count })),
    examples: farFirst.map((way) => ({ ...way, label: labels.get(way.leadId) ?? way.leadId })),
  }
}

/** Adopts rules as the next version; every lead's way is worked out anew by them in the background. */
export async function adoptRules(
  { db, clock }: Services,
  caller: Caller,
  { rules, basedOn, note }: BodyOf<typeof contract.adoptLifecycleRules>,
): Promise<ReplyOf<typeof contract.adoptLifecycleRules>> {
  const { workspaceId, actor } = caller
  const { facts } = await factsOfWorkspace(db, workspaceId)
  if (rules.length > RULES_LIMIT)
    throw new Refusal('rules_too_many', 400, `There may be at most ${RULES_LIMIT} rules; take some out.`)
  for (const { when } of rules) checkCondition(when, facts)
  const adoptedAt = clock()
  const version = await inTransaction(db, async (tx) => {
    const before = await rulesInForce(tx, workspaceId)
    if (before.version !== basedOn)
      throw new Refusal(
        'rules_changed',
        409,
        'Somebody adopted other rules meanwhile. Load the page again, then make your changes to those.',
      )
    const written = await adoptNext(tx, {
      workspaceId,
      kind: 'lifecycle',
      rules: { rules },
      actor,
      note,
      now: adoptedAt,
    })
    await record(tx, {
      caller,
      action: 'lifecycle_rules_adopted',
      subject: `lifecycle_rules:${written}`,
      before: { rules: before.rules.rules },
      after: { rules },
    })
    await oweWorkspace(tx, workspaceId)
    return written
  })
  return { version, adoptedAt: adoptedAt.toISOString(), actor, note }
}

// A lead that came just now is understood first.
async function readWay(
  { db, clock }: Services,
  understand: UnderstandNow,
  workspaceId: string,
  leadId: string,
): Promise<LifecycleDetails> {
  const stored = await storedWay(db, workspaceId, leadId)
  if (stored) return stored
  if (await understand(workspaceId, [leadId])) {
    const made = await storedWay(db, workspaceId, leadId)
    if (made) return made
  }
  const since = clock().getTime()
  const stays = [{ stage: 'new' as const, since, until: null, touches: 0 }]
  return { stage: 'new', since, moves: [], stays, confirmations: [], ruleVersion: 0 }
}

async function storedWay(db: Db, workspaceId: string, leadId: string): Promise<LifecycleDetails | undefined> {
  const states = await readStates(db, workspaceId, [leadId])
  return states.get(leadId)?.details.lifecycle as LifecycleDetails | undefined
}

async function labelsOf(db: Db, workspaceId: string, leadIds: string[]): Promise<Map<string, string>> {
  const leads = await presentLeads(db, workspaceId, leadIds)
  return new Map(leads.map(({ id, label }) => [id, label]))
}

function amountOf(
  amount: BodyOf<typeof contract.moveStage>['amount'],
  ours: string,
): Pick<ManualMove, 'amountMinor' | 'currency'> {
  if (!amount) return { amountMinor: null, currency: null }
  const currency = amount.currency ?? ours
  const read = currencyExponent(currency) === null ? undefined : parseMoney(amount.value, currency)
  if (!read || !('minor' in read))
    throw new Refusal(
      'amount_unreadable',
      400,
      `${amount.value} ${currency} is no amount of money. Give a number and a currency such as EUR.`,
    )
  return { amountMinor: read.minor, currency }
}
