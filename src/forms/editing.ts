// Making and changing forms: each change of what people see is a version of its own.
import { record } from '../accounts/index.ts'
import type { BodyOf } from '../lib/endpoint.ts'
import { newId } from '../lib/ids.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import { mailServer } from '../platform/mail.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import type * as contract from './contract.ts'
import type { Form } from './contract.ts'
import { definitionProblems } from './nouns.ts'
import type { FormDefinition } from './nouns.ts'
import { countsOf, sinceDay } from './statistics.ts'
import { lockForm, readCounts, readForm, readForms, saveForm } from './store/forms.ts'
import type { FormRow } from './store/forms.ts'
import { newDefinition } from './template.ts'

export type World = Pick<Services, 'db' | 'clock' | 'settings' | 'secretKey'>

/** Forms with what they counted in the last 30 days. @param origin of the hosted pages */
export async function listForms(world: World, caller: Caller, origin: string): Promise<Form[]> {
  const forms = await readForms(world.db, caller.workspaceId)
  const counts = await readCounts(world.db, caller.workspaceId, sinceDay(world.clock(), 30))
  return forms.map((form) =>
    presentForm(form, origin, countsOf(counts.filter(({ formId }) => formId === form.id))),
  )
}

export async function getForm(world: World, caller: Caller, id: string, origin: string): Promise<Form> {
  const form = await readForm(world.db, caller.workspaceId, id)
  if (!form) throw missing('form', id)
  const counts = await readCounts(world.db, caller.workspaceId, sinceDay(world.clock(), 30), id)
  return presentForm(form, origin, countsOf(counts))
}

export async function createForm(
  world: World,
  caller: Caller,
  body: BodyOf<typeof contract.createForm>,
  origin: string,
): Promise<Form> {
  const definition = body.definition ?? newDefinition()
  refuseUnusable(world, definition)
  return insert(world, caller, { name: body.name, definition }, origin)
}

/** Refuses (409, `form_changed`) where somebody else changed it since the version that is named. */
export async function updateForm(
  world: World,
  caller: Caller,
  id: string,
  body: BodyOf<typeof contract.updateForm>,
  origin: string,
): Promise<Form> {
  const now = world.clock()
  await inTransaction(world.db, async (tx) => {
    const form = await locked(tx, caller, id)
    if (body.version !== undefined && body.version !== form.version) {
      throw new Refusal(
        'form_changed',
        409,
        'Somebody else changed the form meanwhile. Load it again, then make your change once more.',
      )
    }
    const definition = body.definition ?? form.definition
    refuseUnusable(world, definition)
    const isOther = JSON.stringify(sorted(definition)) !== JSON.stringify(sorted(form.definition))
    const changed = {
      ...form,
      name: body.name ?? form.name,
      definition,
      origin,
      version: isOther ? form.version + 1 : form.version,
      updatedAt: now,
    }
    await saveForm(tx, changed, caller.actor)
    await record(tx, {
      caller,
      action: 'form_changed',
      subject: `form:${id}`,
      before: { name: form.name, version: form.version },
      after: { name: changed.name, version: changed.version },
    })
  })
  return getForm(world, caller, id, origin)
}

export async function duplicateForm(world: World, caller: Caller, id: string, origin: string): Promise<Form> {
  const form = await readForm(world.db, caller.workspaceId, id)
  if (!form) throw missing('form', id)
  const name = `Copy of ${form.name}`.slice(0, 100)
  return insert(world, caller, { name, definition: form.definition }, origin)
}

/** Lets a form take nothing more, or again. */
export async function setArchived(
  world: World,
  caller: Caller,
  { id, isArchived }: { id: string; isArchived: boolean },
  origin: string,
): Promise<Form> {
  const now = world.clock()
  await inTransaction(world.db, async (tx) => {
    const form = await locked(tx, caller, id)
    await saveForm(tx, { ...form, updatedAt: now, archivedAt: isArchived ? now : null }, caller.actor)
    const action = isArchived ? 'form_archived' : 'form_restored'
    await record(tx, { caller, action, subject: `form:${id}` })
  })
  return getForm(world, caller, id, origin)
}

async function insert(
  world: World,
  caller: Caller,
  { name, definition }: { name: string; definition: FormDefinition },
  origin: string,
): Promise<Form> {
  const now = world.clock()
  const form: FormRow = {
    id: newId(),
    workspaceId: caller.workspaceId,
    name,
    version: 1,
    definition,
    origin,
    createdBy: caller.actor,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
  }
  await inTransaction(world.db, async (tx) => {
    await saveForm(tx, form, caller.actor)
    await record(tx, { caller, action: 'form_made', subject: `form:${form.id}`, after: { name } })
  })
  return presentForm(form, origin, countsOf([]))
}

async function locked(tx: Tx, caller: Caller, id: string): Promise<FormRow> {
  const form = await lockForm(tx, caller.workspaceId, id)
  if (!form) throw missing('form', id)
  return form
}

// A form is live as it is saved, so what cannot work is not saved.
function refuseUnusable(world: World, definition: FormDefinition): void {
  const problems = definitionProblems(definition)
  if (problems.length > 0)
    throw new Refusal('form_incomplete', 400, problems.join(' '), { details: { sentences: problems } })
  if (definition.isDoubleOptIn && !mailServer(world.settings)) {
    throw new Refusal(
      'mail_missing',
      409,
      'Double opt-in sends mails, and mail is not set up. Whoever runs the installation sets SMTP_URL and MAIL_FROM; until then switch it off.',
    )
  }
}

function presentForm(form: FormRow, origin: string, counts: Form['counts']): Form {
  return {
    id: form.id,
    name: form.name,
    version: form.version,
    definition: form.definition,
    problems: definitionProblems(form.definition),
    archivedAt: form.archivedAt?.toISOString() ?? null,
    createdBy: form.createdBy,
    createdAt: form.createdAt.toISOString(),
    updatedAt: form.updatedAt.toISOString(),
    url: `${origin}/f/${form.id}`,
    counts,
  }
}

// PostgreSQL keeps the keys of jsonb in an order of its own.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
