// Words that come in, as the custom fields of the workspace take them: under the field that a key was merged into, in the type
// that a person chose. Pure.
import type { Saying } from '../decide-people.ts'
import type { FieldType } from './contract.ts'
import { settledValue } from './convert.ts'

/** A field that takes words otherwise than as they come. */
export interface SettledField {
  workspaceId: string
  key: string
  /** the field that keeps the values, the same one where it was not merged; null where the field is being removed */
  into: string | null
  /** of that field; null where nobody chose it */
  type: FieldType | null
}

type Custom = Record<string, string | number | boolean | null>

/** The sayings with their custom fields as they are kept; the same list where nothing is to be changed. */
export function settleSayings(sayings: Saying[], fields: readonly SettledField[]): Saying[] {
  if (fields.length === 0) return sayings
  const byWorkspace = new Map<string, Map<string, SettledField>>()
  for (const field of fields) {
    const known = byWorkspace.get(field.workspaceId) ?? new Map<string, SettledField>()
    byWorkspace.set(field.workspaceId, known.set(field.key, field))
  }
  return sayings.map((saying) => {
    const known = byWorkspace.get(saying.workspaceId)
    const custom = saying.words?.custom
    if (!known || !saying.words || !custom) return saying
    return { ...saying, words: { ...saying.words, custom: settleCustom(custom, known) } }
  })
}

/** The same for the custom fields of one lead. What comes under the field's own key goes before what comes under a former one. */
export function settleCustom(custom: Custom, fields: ReadonlyMap<string, SettledField>): Custom {
  const settled: Custom = {}
  for (const [key, value] of Object.entries(custom)) {
    const field = fields.get(key)
    const place = field ? field.into : key
    if (place === null) continue
    if (place !== key && Object.hasOwn(custom, place)) continue
    settled[place] = value === null || !field?.type ? value : settledValue(value, field.type)
  }
  return settled
}
