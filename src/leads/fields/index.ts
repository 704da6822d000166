// Shows custom fields, makes and renames them, and takes them out of the choices and back.
import { record } from '../../accounts/index.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import { declaredRules } from '../declared.ts'
import { sourceOf } from '../deed.ts'
import type { World } from '../deed.ts'
import { DECLARED_LIMIT } from '../store.ts'
import { isCopyWhole } from '../store/lead-facts.ts'
import { isLarge } from '../store/list.ts'
import { fieldKey } from '../traits.ts'
import type * as contract from './contract.ts'
import type { Field, FieldUse } from './contract.ts'
import type { FieldValue } from './convert.ts'
import * as store from './store/fields.ts'
import type { FieldRow, ImportNames } from './store/fields.ts'
import { countInCopy, countInRecords, readExamples } from './store/values.ts'
import { readBusyKeys } from './store/work.ts'
import { usesByKey } from './uses.ts'

/** The fields of a workspace, those in the choices first. */
export async function listFields(db: Db, caller: Caller): Promise<ReplyOf<typeof contract.listFields>> {
  const [fields, naming] = await Promise.all([
    store.readFields(db, caller.workspaceId),
    readNaming(db, caller),
  ])
  const shown = fields.filter(isShown).map((field) => presentField(field, fields, naming))
  return { items: shown.sort((a, b) => Number(a.archivedAt !== null) - Number(b.archivedAt !== null)) }
}

/** How many leads have a value of each; few leads are counted where they are written, many in the copy. */
export async function countFields(
  { db, clickhouse }: { db: Db; clickhouse: ClickHouse },
  workspaceId: string,
): Promise<ReplyOf<typeof contract.countFields>> {
  const fields = (await store.readFields(db, workspaceId)).filter(isShown)
  const inCopy = await isLarge(db, workspaceId)
  const counts = inCopy
    ? await countInCopy(clickhouse, workspaceId, fields)
    : await countInRecords(db, workspaceId, fields)
  const examples = new Map<string, FieldValue[]>()
  for (const { key, value } of await readExamples(db, workspaceId, counts)) {
    const known = examples.get(key) ?? []
    if (isSimple(value) && known.length < 3 && !known.includes(value)) known.push(value)
    examples.set(key, known)
  }
  const byKey = new Map(counts.map((count) => [count.key, count]))
  return {
    items: fields.map(({ key }) => {
      const { leads = 0, fitting = 0 } = byKey.get(key) ?? {}
      return { key, leads, unfit: leads - fitting, examples: examples.get(key) ?? [] }
    }),
    isPartial: inCopy && !(await isCopyWhole(db, workspaceId)),
  }
}

/** Makes a field before anything fills it. Refuses (409) a name or key that there is. */
export async function createField(
  world: World,
  caller: Caller,
  { label, type, key: given }: BodyOf<typeof contract.createField>,
): Promise<Field> {
  return inTransaction(world.db, async (tx) => {
    const fields = await store.lockFields(tx, caller.workspaceId)
    if (fields.length >= DECLARED_LIMIT) {
      throw new Refusal(
        'fields_full',
        409,
        `A workspace has at most ${DECLARED_LIMIT} custom fields. Merge or remove some that nobody needs.`,
      )
    }
    const key = given ?? freeKey(label, fields)
    refuseKey(key, fields)
    await refuseLabel(tx, caller.workspaceId, label)
    const field: FieldRow = {
      key,
      label,
      type,
      origin: sourceOf(caller) === 'user' ? 'manual' : 'api',
      isTypeChosen: true,
      createdAt: world.clock(),
      archivedAt: null,
      mergedInto: null,
      isLeaving: false,
    }
    await store.writeField(tx, caller.workspaceId, field)
    await record(tx, { caller, action: 'field_created', subject: `field:${key}`, after: { label, type } })
    return shownField(tx, caller, key)
  })
}

/** Gives a field another label. */
export async function renameField(world: World, caller: Caller, key: string, label: string): Promise<Field> {
  return inTransaction(world.db, async (tx) => {
    const field = fieldOf(await store.lockFields(tx, caller.workspaceId), key)
    if (field.label !== label) {
      await refuseLabel(tx, caller.workspaceId, label, key)
      await store.writeField(tx, caller.workspaceId, { ...field, label })
      await record(tx, {
        caller,
        action: 'field_renamed',
        subject: `field:${key}`,
        before: { label: field.label },
        after: { label },
      })
    }
    return shownField(tx, caller, key)
  })
}

/** Takes a field out of the choices, or offers it again. */
export async function archiveField(
  world: World,
  caller: Caller,
  key: string,
  isArchived: boolean,
): Promise<Field> {
  return inTransaction(world.db, async (tx) => {
    const field = fieldOf(await store.lockFields(tx, caller.workspaceId), key)
    if ((field.archivedAt !== null) !== isArchived) {
      if (isArchived) await refuseBusy(tx, caller.workspaceId, [field])
      await store.writeField(tx, caller.workspaceId, {
        ...field,
        archivedAt: isArchived ? world.clock() : null,
      })
      await record(tx, {
        caller,
        action: isArchived ? 'field_archived' : 'field_restored',
        subject: `field:${key}`,
        after: { label: field.label },
      })
    }
    return shownField(tx, caller, key)
  })
}

/** The field of a key among those of a workspace; refuses (404) where there is none, and (409) where it was merged. */
export function fieldOf(fields: readonly FieldRow[], key: string): FieldRow {
  const field = fields.find((one) => one.key === key)
  if (!field || field.isLeaving) throw missing('field', key)
  if (field.mergedInto !== null) {
    const into = fields.find((one) => one.key === field.mergedInto)
    throw new Refusal(
      'field_merged',
      409,
      `${field.label} was merged into ${into?.label ?? field.mergedInto}; work with that one.`,
      { details: { into: field.mergedInto } },
    )
  }
  return field
}

/** Two fields of a workspace, the first to be merged into the second; refuses what cannot be. */
export function pairOf(
  fields: readonly FieldRow[],
  key: string,
  intoKey: string,
): { from: FieldRow; into: FieldRow } {
  const [from, into] = [fieldOf(fields, key), fieldOf(fields, intoKey)]
  if (key === intoKey) {
    throw new Refusal('field_same', 400, 'A field cannot be merged into itself. Choose another one.')
  }
  if (into.archivedAt !== null) {
    throw new Refusal(
      'field_archived',
      409,
      `${into.label} is archived. Restore it first, then merge into it.`,
    )
  }
  return { from, into }
}

/** Refuses (409) while other work is at one of the fields. */
export async function refuseBusy(tx: Tx, workspaceId: string, fields: readonly FieldRow[]): Promise<void> {
  const [keys, bulkJobs] = await Promise.all([
    readBusyKeys(tx, workspaceId),
    store.readBulkNames(tx, workspaceId),
  ])
  for (const { key, label } of fields) {
    if (keys.includes(key)) {
      throw new Refusal('field_busy', 409, `${label} is being worked on already. Wait until that has ended.`)
    }
    if (bulkJobs.some((job) => job.key === key)) {
      throw new Refusal(
        'field_busy',
        409,
        `Bulk work sets ${label} right now. Wait until it has ended, or stop it under Leads, Bulk work.`,
      )
    }
  }
}

export interface FieldNaming {
  uses: Map<string, FieldUse[]>
  imports: ImportNames[]
}

/** What names the fields of the caller's workspace. */
export async function readNaming(db: Db, caller: Caller): Promise<FieldNaming> {
  const [views, segments, rules, imports, bulkJobs] = await Promise.all([
    store.readViewNames(db, caller.workspaceId),
    store.readSegmentNames(db, caller.workspaceId),
    declaredRules(db, caller.workspaceId),
    store.readImportNames(db, caller.workspaceId),
    store.readBulkNames(db, caller.workspaceId),
  ])
  return { uses: usesByKey({ views, segments, rules, imports, bulkJobs }, caller), imports }
}

function isShown(field: FieldRow): boolean {
  return field.mergedInto === null && !field.isLeaving
}

async function shownField(tx: Tx, caller: Caller, key: string): Promise<Field> {
  const fields = await store.readFields(tx, caller.workspaceId)
  return presentField(fieldOf(fields, key), fields, await readNaming(tx, caller))
}

function presentField(field: FieldRow, fields: readonly FieldRow[], { uses, imports }: FieldNaming): Field {
  const filled = imports.filter(
    ({ key, status }) => key === field.key && status !== 'uploaded' && status !== 'mapped',
  )
  return {
    key: field.key,
    label: field.label,
    type: field.type,
    createdAt: field.createdAt.toISOString(),
    origin: field.origin ?? (filled.length > 0 ? 'import' : null),
    imports: filled
      .slice(0, 3)
      .map(({ id, fileName, createdAt }) => ({ id, fileName, at: createdAt.toISOString() })),
    importCount: filled.length,
    archivedAt: field.archivedAt?.toISOString() ?? null,
    formerKeys: fields.filter(({ mergedInto }) => mergedInto === field.key).map(({ key }) => key),
    uses: uses.get(field.key) ?? [],
  }
}

function isSimple(value: unknown): value is FieldValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

// A label in letters that a key does not have gets a number for a key.
function freeKey(label: string, fields: readonly FieldRow[]): string {
  const key = fieldKey(label)
  if (key) return key
  const isTaken = (candidate: string) => fields.some((field) => field.key === candidate)
  let nth = 1
  while (isTaken(`field_${nth}`)) nth++
  return `field_${nth}`
}

function refuseKey(key: string, fields: readonly FieldRow[]): void {
  const known = fields.find((field) => field.key === key)
  if (!known) return
  if (known.isLeaving) {
    throw new Refusal(
      'field_busy',
      409,
      `${known.label} is being removed right now. Make it again when that has ended.`,
    )
  }
  const into = fields.find((field) => field.key === known.mergedInto)
  throw new Refusal(
    'field_exists',
    409,
    into
      ? `${key} feeds ${into.label}, which it was merged into. Choose another name.`
      : `There is a field ${known.label} with the key ${key} already${known.archivedAt ? ', archived; restore it' : '; use it'}, or choose another name.`,
  )
}

async function refuseLabel(tx: Tx, workspaceId: string, label: string, key?: string): Promise<void> {
  if (!(await store.isLabelTaken(tx, workspaceId, label, key))) return
  throw new Refusal(
    'field_label_taken',
    409,
    `There is a field called ${label} already. Choose another name, or merge the two.`,
  )
}
