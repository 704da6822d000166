// What another type, a merge or a removal would do to the values of a custom field and to the views, segments and rules that name it; changes nothing.
import { workspaceSettings } from '../../accounts/index.ts'
import { customFactName, renameFact } from '../../conditions/contract.ts'
import type { Condition } from '../../conditions/contract.ts'
import { checkCondition } from '../../conditions/index.ts'
import type { Facts } from '../../conditions/index.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { World } from '../deed.ts'
import { declaredFacts, declaredRules } from '../declared.ts'
import { leadFacts } from '../facts.ts'
import type { LeadSubject } from '../facts.ts'
import { leadLabel } from '../record.ts'
import { readLeadRows } from '../store.ts'
import type * as contract from './contract.ts'
import type { FieldType, Reading } from './contract.ts'
import { convertValue, isOfType, readingOf } from './convert.ts'
import type { FieldValue } from './convert.ts'
import { fieldOf, pairOf, readNaming } from './index.ts'
import { comingValue } from './merge.ts'
import * as store from './store/fields.ts'
import type { FieldRow } from './store/fields.ts'
import { countHolders, endOfSlice, readValueGroups, readValuePairs } from './store/values.ts'
import type { ValueGroup } from './store/values.ts'
import { filterOfView, shownRule, shownView, viewRenamed } from './uses.ts'

/** What another type would do to the values of a field; every value is looked at, none is changed. */
export async function previewFieldType(
  { db }: World,
  caller: Caller,
  key: string,
  { type, reading: asked }: BodyOf<typeof contract.previewFieldType>,
): Promise<ReplyOf<typeof contract.previewFieldType>> {
  const { workspaceId } = caller
  const fields = await store.readFields(db, workspaceId)
  const field = fieldOf(fields, key)
  const reading = { ...(await readingFor(db, workspaceId, key, type)), ...asked }
  const { timeZone } = await workspaceSettings(db, workspaceId)
  const counts = { total: 0, same: 0, converted: 0, unfit: 0 }
  const [examples, unfitExamples] = [new Tally(), new Tally()]
  for await (const { value, leads } of valueGroups(db, workspaceId, key)) {
    counts.total += leads
    if (isOfType(value, type)) {
      counts.same += leads
      continue
    }
    const read = convertValue(value, type, reading, timeZone)
    counts[read === null ? 'unfit' : 'converted'] += leads
    if (read === null) unfitExamples.add(value, leads)
    else examples.add(value, leads)
  }
  const retyped = fields.map((one) => (one === field ? { ...one, type } : one))
  return {
    ...counts,
    examples: examples.top().map(({ value, leads }) => ({
      value,
      becomes: convertValue(value, type, reading, timeZone) ?? value,
      leads,
    })),
    unfitExamples: unfitExamples.top(),
    reading,
    ...(await brokenBy(db, caller, { before: fields, after: retyped })),
  }
}

/** What merging a field into another would do; every lead that has the first is looked at, none is changed. */
export async function previewFieldMerge(
  { db }: World,
  caller: Caller,
  key: string,
  intoKey: string,
): Promise<ReplyOf<typeof contract.previewFieldMerge>> {
  const { workspaceId } = caller
  const fields = await store.readFields(db, workspaceId)
  const { from, into } = pairOf(fields, key, intoKey)
  const { timeZone } = await workspaceSettings(db, workspaceId)
  const merge = { type: into.type, timeZone }
  const counts = { total: 0, moved: 0, same: 0, conflicts: 0, newer: 0, unfit: 0 }
  const unfit = new Tally()
  const conflicts: { id: string; from: FieldValue; into: FieldValue }[] = []
  for await (const slice of slices(db, workspaceId)) {
    for (const pair of await readValuePairs(db, workspaceId, { from: key, into: intoKey }, slice)) {
      counts.total++
      const coming = comingValue(pair.from, merge)
      if (!isOfType(coming, into.type)) {
        counts.unfit++
        unfit.add(pair.from, 1)
      }
      if (pair.into === undefined) counts.moved++
      else if (pair.into === coming) counts.same++
      else {
        counts.conflicts++
        if (pair.isNewer) counts.newer++
        if (conflicts.length < 5)
          conflicts.push({ id: pair.id, from: shown(pair.from), into: shown(pair.into) })
      }
    }
  }
  const leads = await readLeadRows(
    db,
    conflicts.map(({ id }) => id),
  )
  return {
    ...counts,
    conflictExamples: conflicts.flatMap(({ id, ...values }) => {
      const lead = leads.get(id)
      return lead ? [{ leadId: id, label: leadLabel(lead), ...values }] : []
    }),
    unfitExamples: unfit.top(),
    uses: (await readNaming(db, caller)).uses.get(from.key) ?? [],
    ...(await brokenBy(db, caller, { before: fields, after: fields, renamed: [key, intoKey] })),
  }
}

/** How many leads lose a value where a field is removed, and what names it. */
export async function previewFieldRemoval(
  { db }: World,
  caller: Caller,
  key: string,
): Promise<ReplyOf<typeof contract.previewFieldRemoval>> {
  fieldOf(await store.readFields(db, caller.workspaceId), key)
  const [leads, { uses }] = await Promise.all([
    countHolders(db, caller.workspaceId, key),
    readNaming(db, caller),
  ])
  return { leads, uses: uses.get(key) ?? [] }
}

/** How the values of a field are written, as far as the first slice that has texts settles it. */
export async function readingFor(
  db: Db,
  workspaceId: string,
  key: string,
  type: FieldType,
): Promise<Reading> {
  if (type !== 'number' && type !== 'date') return {}
  for await (const slice of slices(db, workspaceId)) {
    const texts = (await readValueGroups(db, workspaceId, key, slice)).flatMap(({ value }) =>
      typeof value === 'string' ? value : [],
    )
    if (texts.length > 0) return readingOf(texts, type)
  }
  return {}
}

async function* slices(
  db: Db,
  workspaceId: string,
): AsyncGenerator<{ afterId: string | null; toId: string }> {
  let afterId: string | null = null
  for (;;) {
    const toId: string | undefined = await endOfSlice(db, workspaceId, afterId)
    if (toId === undefined) return
    yield { afterId, toId }
    afterId = toId
  }
}

async function* valueGroups(db: Db, workspaceId: string, key: string): AsyncGenerator<ValueGroup> {
  for await (const slice of slices(db, workspaceId)) yield* await readValueGroups(db, workspaceId, key, slice)
}

/** Views, segments and rules that can be asked as fields are, and could not be once they have changed. */
async function brokenBy(
  db: Db,
  caller: Caller,
  change: { before: readonly FieldRow[]; after: readonly FieldRow[]; renamed?: [from: string, into: string] },
): Promise<{
  brokenViews: { id: string; name: string | null; owner: string }[]
  brokenSegments: { id: string; name: string; owner: string }[]
  brokenRules: { id: string; name: string; owner: string }[]
}> {
  const { workspaceId } = caller
  const [settings, views, segments, rules, declared] = await Promise.all([
    workspaceSettings(db, workspaceId),
    store.readViewNames(db, workspaceId),
    store.readSegmentNames(db, workspaceId),
    declaredRules(db, workspaceId),
    declaredFacts(db, workspaceId),
  ])
  const { before, after, renamed } = change
  const factsWith = (customFields: readonly FieldRow[]) =>
    leadFacts({ ...settings, customFields, segments, declared })
  const [factsBefore, factsAfter] = [factsWith(before), factsWith(after)]
  const answers = (condition: Condition | undefined, facts: Facts<LeadSubject>) => {
    try {
      if (condition) checkCondition(condition, facts)
      return true
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  }
  const breaks = (condition: Condition) => {
    const changed = renamed
      ? renameFact(condition, customFactName(renamed[0]), customFactName(renamed[1]))
      : condition
    return answers(condition, factsBefore) && !answers(changed, factsAfter)
  }
  return {
    brokenViews: views
      .filter((view) => {
        const changed = renamed ? viewRenamed(view, ...renamed) : view
        return (
          changed !== undefined &&
          answers(filterOfView(view), factsBefore) &&
          !answers(filterOfView(changed), factsAfter)
        )
      })
      .map((view) => shownView(view, caller)),
    brokenSegments: segments
      .filter(({ condition }) => breaks(condition))
      .map(({ id, name, createdBy }) => ({ id, name, owner: createdBy })),
    brokenRules: rules
      .filter(({ conditions }) => conditions.some(breaks))
      .map(shownRule)
      // One that stands in force and in a draft is told once.
      .filter(({ id }, nth, all) => all.findIndex((other) => other.id === id) === nth),
  }
}

/** The most frequent of some values; of more than a few hundred those met first. */
class Tally {
  readonly counts = new Map<FieldValue, number>()

  add(value: unknown, leads: number): void {
    const known = shown(value)
    const count = this.counts.get(known)
    if (count !== undefined || this.counts.size < 500) this.counts.set(known, (count ?? 0) + leads)
  }

  top(): { value: FieldValue; leads: number }[] {
    return [...this.counts]
      .map(([value, leads]) => ({ value, leads }))
      .sort((a, b) => b.leads - a.leads)
      .slice(0, 5)
  }
}

function shown(value: unknown): FieldValue {
  const isSimple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isSimple ? value : JSON.stringify(value)
}
