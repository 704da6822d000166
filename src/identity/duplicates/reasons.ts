// Why two records are held for one: what each column weighs, in bits, for or against.
import { traits } from './kinds.ts'
import type { Kind, LevelName } from './kinds.ts'
import { MISSING } from './levels.ts'
import type { Scale } from './model.ts'
import type { Prepared } from './prepare.ts'

/** What one column says: a bit more doubles the odds, a bit less halves them. */
export interface Reason {
  column: string
  kind: Kind
  level: LevelName
  /** log2(m/u), u of a same value being how often just that value stands in the file */
  bits: number
}

/** The reasons of a pair, the heaviest first, whether they speak for or against. */
export function reasonsOf({ columns }: Prepared, scale: Scale, levels: Uint8Array, record: number): Reason[] {
  return columns
    .flatMap(({ header, kind }, at): Reason[] => {
      const level = levels[at]!
      if (level === MISSING) return []
      const bits = Math.log2(scale.ratio(at, levels, 0, record))
      return [{ column: header, kind, level: traits[kind].levels[level]!.name, bits }]
    })
    .sort((x, y) => Math.abs(y.bits) - Math.abs(x.bits))
}
