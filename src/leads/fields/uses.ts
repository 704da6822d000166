// What names a custom field: filters and columns of views, segments, rules, files that are not read yet, bulk work that runs. Pure.
import { customFactName, customFieldKeys, renameFact } from '../../conditions/contract.ts'
import type { Condition } from '../../conditions/contract.ts'
import type { Caller } from '../../platform/server.ts'
import type { RuleNames } from '../declared.ts'
import type { FieldUse } from './contract.ts'
import type { ImportNames, SegmentNames, ViewNames } from './store/fields.ts'

export interface Naming {
  views: readonly ViewNames[]
  segments: readonly SegmentNames[]
  rules: readonly RuleNames[]
  imports: readonly ImportNames[]
  bulkJobs: readonly { key: string; id: string; createdBy: string }[]
}

/** What uses each field, by its key; a view that somebody else keeps to themselves has no name for the caller. */
export function usesByKey(
  { views, segments, rules, imports, bulkJobs }: Naming,
  caller: Caller,
): Map<string, FieldUse[]> {
  const uses = new Map<string, FieldUse[]>()
  const add = (key: string, use: FieldUse) => {
    const known = uses.get(key)
    if (known) known.push(use)
    else uses.set(key, [use])
  }
  for (const view of views) {
    const shown = shownView(view, caller)
    for (const key of keysOfFilter(view)) add(key, { kind: 'view_filter', ...shown })
    for (const key of keysOfColumns(view)) add(key, { kind: 'view_column', ...shown })
  }
  for (const { id, name, createdBy, condition } of segments)
    for (const key of customFieldKeys(condition)) add(key, { kind: 'segment', id, name, owner: createdBy })
  for (const rule of rules)
    for (const key of new Set(rule.conditions.flatMap(customFieldKeys))) {
      // A rule may stand in force and, changed, in a draft.
      const isKnown = uses.get(key)?.some(({ kind, id }) => kind === rule.kind && id === rule.id)
      if (!isKnown) add(key, { kind: rule.kind, ...shownRule(rule) })
    }
  for (const { key, id, fileName, status, createdBy } of imports) {
    if (isWaiting(status)) add(key, { kind: 'import', id, name: fileName, owner: createdBy })
  }
  for (const { key, id, createdBy } of bulkJobs) add(key, { kind: 'bulk_job', id, owner: createdBy })
  return uses
}

/** A view as the caller may know it. */
export function shownView(
  view: Pick<ViewNames, 'id' | 'name' | 'createdBy' | 'isShared'>,
  caller: Caller,
): { id: string; name: string | null; owner: string } {
  const isTheirs = view.isShared || view.createdBy === caller.actor
  return { id: view.id, name: isTheirs ? view.name : null, owner: view.createdBy }
}

/** A rule as whoever looks at fields may know it. */
export function shownRule({ id, name, createdBy }: RuleNames): { id: string; name: string; owner: string } {
  return { id, name, owner: createdBy }
}

/** The filter of a view; undefined where it has none. */
export function filterOfView(view: Pick<ViewNames, 'question'>): Condition | undefined {
  const { filter } = view.question
  return filter === undefined ? undefined : (JSON.parse(filter) as Condition)
}

/** A view that names one field, naming another instead; undefined where it does not name it. */
export function viewRenamed(
  view: ViewNames,
  from: string,
  into: string,
): Pick<ViewNames, 'id' | 'question' | 'columns'> | undefined {
  const filter = filterOfView(view)
  const isFiltered = keysOfFilter(view).includes(from)
  if (!isFiltered && !keysOfColumns(view).includes(from)) return undefined
  const columns = view.columns?.map((column) =>
    column === customFactName(from) ? customFactName(into) : column,
  )
  return {
    id: view.id,
    question:
      filter && isFiltered
        ? {
            ...view.question,
            filter: JSON.stringify(renameFact(filter, customFactName(from), customFactName(into))),
          }
        : view.question,
    columns: columns ? [...new Set(columns)] : null,
  }
}

/** Whether an import still has rows to bring. */
export function isWaiting(status: ImportNames['status']): boolean {
  return status === 'uploaded' || status === 'mapped' || status === 'running'
}

function keysOfFilter(view: Pick<ViewNames, 'question'>): string[] {
  const filter = filterOfView(view)
  return filter ? customFieldKeys(filter) : []
}

function keysOfColumns({ columns }: Pick<ViewNames, 'columns'>): string[] {
  const prefix = customFactName('')
  return [...new Set(columns ?? [])].flatMap((name) =>
    name.startsWith(prefix) ? name.slice(prefix.length) : [],
  )
}
