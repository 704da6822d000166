// Which of two values of a lead stays where two fields become one. Pure.
import type { FieldType, Wins } from './contract.ts'
import { convertValue } from './convert.ts'
import type { FieldValue } from './convert.ts'
import type { HeldPair, MergedPair } from './store/work.ts'

export interface FieldMerge {
  /** of the field that stays */
  type: FieldType
  wins: Wins
  timeZone: string
}

/** A value of the field that goes, as the one that stays takes it; as it is where it does not fit. */
export function comingValue(
  value: unknown,
  { type, timeZone }: Pick<FieldMerge, 'type' | 'timeZone'>,
): FieldValue {
  return convertValue(value, type, {}, timeZone) ?? (value as FieldValue)
}

/** Decides for one lead; of two values that are the same none is lost. */
export function mergePair(pair: HeldPair, merge: FieldMerge): MergedPair {
  const { id, from, into, fromWord, intoWord } = pair
  if (from === undefined) return { id, isLost: false }
  const coming = comingValue(from, merge)
  const takes = { value: coming, word: fromWord }
  if (into === undefined) return { id, takes, isLost: false }
  const isNewer = (fromWord?.[1] ?? 0) > (intoWord?.[1] ?? 0)
  if (coming === into) return isNewer ? { id, takes, isLost: false } : { id, isLost: false }
  const wins = merge.wins === 'from' || (merge.wins === 'newest' && isNewer)
  return wins ? { id, takes, isLost: true } : { id, isLost: true }
}
