// Custom fields in words: their types, what names them, and how work on them stands. Pure.
import type { FieldJob, FieldType, FieldUse } from '../../../../src/leads/fields/contract.ts'
import { count, formatNumber } from '../../../ui/format.ts'

export const typeNames: Record<FieldType, string> = {
  text: 'Text',
  number: 'Number',
  date: 'Date',
  boolean: 'Yes or no',
}

/** What values of a type are. */
export const valueNames: Record<FieldType, string> = {
  text: 'texts',
  number: 'numbers',
  date: 'dates',
  boolean: 'yes or no',
}

export const originNames = {
  tracking: 'Tracking',
  import: 'An import',
  manual: 'By hand',
  api: 'The API',
}

/** A value as lists show it. */
export function valueWords(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'number' ? formatNumber(value) : value
}

/** What a use is: `filter of the view Golden`. */
export function wordsOfUse(use: FieldUse): string {
  switch (use.kind) {
    case 'view_filter':
      return `the filter of ${viewWords(use.name)}`
    case 'view_column':
      return `a column of ${viewWords(use.name)}`
    case 'segment':
      return `the segment ${use.name}`
    case 'score_rule':
      return `the score rule “${use.name}”`
    case 'lifecycle_rule':
      return `the lifecycle rule “${use.name}”`
    case 'import':
      return `the import of ${use.name}`
    case 'bulk_job':
      return 'bulk work that runs now'
  }
}

function viewWords(name: string | null): string {
  return name === null ? 'a private view' : `the view ${name}`
}

/** What is done: `Seats becomes a number`. */
export function workWords({ label, work }: FieldJob): string {
  switch (work.kind) {
    case 'retype':
      return `${label} becomes ${valueNames[work.type]}`
    case 'merge':
      return `${label} goes into ${work.intoLabel}`
    case 'remove':
      return `${label} is removed`
  }
}

/** What came of it. */
export function doneWords(job: FieldJob): string {
  const { label, work, changed, unfit } = job
  const stay = unfit === 0 ? '' : ` ${count(unfit, 'value does', 'values do')} not fit and stayed.`
  switch (work.kind) {
    case 'retype':
      return `${label} holds ${valueNames[work.type]} now; ${count(changed, 'value')} converted.${stay}`
    case 'merge':
      return `${label} is part of ${work.intoLabel} now, on ${count(job.done, 'lead')}.${stay}`
    case 'remove':
      return `${label} is gone; ${count(changed, 'lead')} lost a value.`
  }
}

/** What is left where somebody stopped it. */
export function stoppedWords({ label, work, done }: FieldJob): string {
  const reached = count(done, 'lead was', 'leads were')
  switch (work.kind) {
    case 'retype':
      return `${reached} done and stay so. Values that were not reached are written as before; filters take them as unknown.`
    case 'merge':
      return `${reached} done and stay so. ${label} is a field again, with the values that were not reached; what was rewritten to ${work.intoLabel} stays rewritten.`
    case 'remove':
      return `${reached} done and stay so. ${label} is an archived field again, with the values that were not reached.`
  }
}
