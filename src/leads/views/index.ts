// Saves, changes and removes views of the lead list, and says who may.
import { record } from '../../accounts/index.ts'
import { rolePermissions } from '../../accounts/contract.ts'
import type { Role } from '../../accounts/contract.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { newId } from '../../lib/ids.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Tx } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { World } from '../deed.ts'
import { checkFilter } from '../filter.ts'
import type * as contract from './contract.ts'
import type { SavedView } from './contract.ts'
import {
  deleteView,
  keepDefaultOf,
  lockQuestions,
  lockView,
  readViews,
  writeDefault,
  writeQuestion,
  writeView,
} from './store.ts'
import type { ViewRow } from './store.ts'

/** The caller's own views and those that are shared. */
export async function listViews({ db }: World, caller: Caller): Promise<ReplyOf<typeof contract.listViews>> {
  const views = await readViews(db, caller.workspaceId, caller.actor, caller.userId)
  return { items: views.map((view) => presentView(view, caller)) }
}

export async function createView(
  world: World,
  caller: Caller,
  body: BodyOf<typeof contract.createView>,
): Promise<SavedView> {
  if (body.isShared) refuseSharing(caller)
  await checkFilter(world.db, caller.workspaceId, body.question.filter)
  const view = {
    id: newId(),
    createdBy: caller.actor,
    name: body.name,
    isShared: body.isShared,
    isOpen: body.isOpen,
    question: questionOf(body.question),
    columns: body.columns,
  }
  await inTransaction(world.db, async (tx) => {
    await writeView(tx, caller.workspaceId, view, world.clock())
    await record(tx, {
      caller,
      action: 'view_saved',
      subject: `view:${view.id}`,
      after: { shared: view.isShared },
    })
  })
  return presentView({ ...view, isDefault: false }, caller)
}

/** Changes what is sent and nothing else; refuses (403) where the view is somebody else's. */
export async function updateView(
  world: World,
  caller: Caller,
  id: string,
  body: BodyOf<typeof contract.updateView>,
): Promise<SavedView> {
  if (body.isShared) refuseSharing(caller)
  await checkFilter(world.db, caller.workspaceId, body.question?.filter)
  await inTransaction(world.db, async (tx) => {
    const view = await lockView(tx, caller.workspaceId, caller.actor, id)
    if (!view) throw missing('view', id)
    refuseForeign(view, caller)
    const changed = {
      ...view,
      name: body.name ?? view.name,
      isShared: body.isShared ?? view.isShared,
      isOpen: body.isOpen ?? view.isOpen,
      columns: body.columns === undefined ? view.columns : body.columns,
      question: body.question ? questionOf(body.question) : view.question,
    }
    await writeView(tx, caller.workspaceId, changed, world.clock())
    if (view.isShared && !changed.isShared) await keepDefaultOf(tx, id, view.createdBy)
    await record(tx, {
      caller,
      action: 'view_changed',
      subject: `view:${id}`,
      after: { shared: changed.isShared },
    })
  })
  const view = (await readViews(world.db, caller.workspaceId, caller.actor, caller.userId)).find(
    (one) => one.id === id,
  )
  // One who makes somebody else's view private does not see it any more.
  if (!view) throw missing('view', id)
  return presentView(view, caller)
}

export async function removeView(world: World, caller: Caller, id: string): Promise<void> {
  await inTransaction(world.db, async (tx) => {
    const view = await lockView(tx, caller.workspaceId, caller.actor, id)
    if (!view) throw missing('view', id)
    refuseForeign(view, caller)
    await deleteView(tx, id)
    await record(tx, { caller, action: 'view_removed', subject: `view:${id}` })
  })
}

/** Says with which view the list opens for the member. */
export async function setDefaultView(world: World, caller: Caller, viewId: string | null): Promise<void> {
  const { userId } = caller
  if (userId === undefined) {
    throw new Refusal(
      'session_required',
      403,
      'A program has no list to open. Sign in and choose it in the app.',
    )
  }
  await inTransaction(world.db, async (tx) => {
    if (viewId !== null && !(await lockView(tx, caller.workspaceId, caller.actor, viewId)))
      throw missing('view', viewId)
    await writeDefault(tx, caller.workspaceId, userId, viewId)
  })
}

/**
 * Writes "erased" wherever views name an erased person: the rest of a filter stays, and none finds more people than before.
 * @param names addresses, numbers and ids that were theirs
 */
export async function forgetInViews(tx: Tx, workspaceId: string, names: string[]): Promise<void> {
  if (names.length === 0) return
  const longestFirst = names.toSorted((a, b) => b.length - a.length)
  const pattern = new RegExp(
    longestFirst.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
    'gi',
  )
  const cleared = (text: string) => text.replaceAll(pattern, 'erased')
  for (const { id, name, question } of await lockQuestions(tx, workspaceId)) {
    const { search, filter } = question
    const after = {
      id,
      name: cleared(name),
      question: {
        ...question,
        ...(search === undefined ? {} : { search: cleared(search) }),
        ...(filter === undefined ? {} : { filter: filterWithout(filter, cleared) }),
      },
    }
    if (JSON.stringify(after) !== JSON.stringify({ id, name, question })) await writeQuestion(tx, after)
  }
}

// Only what is compared with: facts and operators may be spelled like somebody's id.
function filterWithout(filter: string, cleared: (text: string) => string): string {
  const clear = (value: unknown) => (typeof value === 'string' ? cleared(value) : value)
  return JSON.stringify(
    JSON.parse(filter, (key, value: unknown) => {
      if (key !== 'value') return value
      return Array.isArray(value) ? value.map(clear) : clear(value)
    }),
  )
}

function questionOf(question: BodyOf<typeof contract.createView>['question']): SavedView['question'] {
  const { filter, ...rest } = question
  return { ...rest, ...(filter ? { filter: JSON.stringify(filter) } : {}) }
}

function mayEdit(view: Pick<ViewRow, 'createdBy' | 'isShared' | 'isOpen'>, caller: Caller): boolean {
  if (view.createdBy === caller.actor) return true
  if (!view.isShared) return false
  return view.isOpen ? maySave(caller) : caller.role === 'owner' || caller.role === 'admin'
}

function maySave(caller: Caller): boolean {
  return rolePermissions[caller.role as Role].includes('leads.write')
}

function refuseForeign(
  view: Pick<ViewRow, 'createdBy' | 'isShared' | 'isOpen' | 'name'>,
  caller: Caller,
): void {
  if (mayEdit(view, caller)) return
  throw new Refusal(
    'view_foreign',
    403,
    `${view.name} is somebody else's view. Save a copy of your own, or ask an admin to change it.`,
  )
}

function refuseSharing(caller: Caller): void {
  if (maySave(caller)) return
  throw new Refusal('view_private', 403, 'Your role may keep views for itself, but not share them.')
}

function presentView(view: ViewRow, caller: Caller): SavedView {
  return {
    id: view.id,
    name: view.name,
    isShared: view.isShared,
    isOpen: view.isOpen,
    createdBy: view.createdBy,
    mayEdit: mayEdit(view, caller),
    isDefault: view.isDefault,
    question: view.question,
    columns: view.columns,
  }
}
