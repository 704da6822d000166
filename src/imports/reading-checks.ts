// Checks a mapping that somebody sent against the file it is for.
import { isZone } from '../lib/instant.ts'
import type { Mapping } from './contract.ts'

/** What is wrong with `told` for a file whose own reading is `found`, in a sentence; null where nothing is. */
export function mappingProblem(found: Mapping, told: Mapping): string | null {
  if (told.columns.length !== found.columns.length) {
    return `The mapping has ${told.columns.length} columns, the file ${found.columns.length}.`
  }
  const odd = told.columns.findIndex((column, index) => column.header !== found.columns[index]?.header)
  if (odd >= 0) {
    return `Column ${odd + 1} of the file is named "${found.columns[odd]?.header ?? ''}", in the mapping "${told.columns[odd]?.header ?? ''}".`
  }
  if (!isZone(told.timeZone)) return `${told.timeZone} is no time zone; give one such as Europe/Stockholm.`
  const keys = told.columns.flatMap(({ target, key }) => (target === 'custom' && key ? [key] : []))
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  return twice ? `Two columns fill the custom field ${twice}; choose one of them.` : null
}
