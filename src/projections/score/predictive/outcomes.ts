// Reads the column of outcomes: which of its two values is the conversion, row by row.
import { readYesNo } from '../../../lib/csv/values.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { isPlaceholder } from './gather.ts'

export interface OutcomeReader {
  /** takes a cell; false where it tells no outcome, so that the row is left out */
  add(cell: string): boolean
  finish(): { outcomes: Uint8Array; conversion: string; other: string; withoutOutcome: number }
}

/**
 * Takes a column of exactly two values, upper and lower case alike: yes / no, 1 / 0, won / lost, or others, of which the
 * rarer is then the conversion. `told` names it instead. Refuses a third value as soon as it comes, and a single one.
 */
export function createOutcomeReader(column: string, told?: string): OutcomeReader {
  const values: string[] = []
  const known = new Map<string, number>()
  let codes = new Uint8Array(1024)
  let rows = 0
  let withoutOutcome = 0
  return {
    add(cell) {
      if (isPlaceholder(cell)) {
        withoutOutcome++
        return false
      }
      const key = cell.trim().toLowerCase()
      let code = known.get(key)
      if (code === undefined) {
        values.push(cell.trim())
        if (values.length > 2)
          throw new Refusal(
            'label_ambiguous',
            422,
            `Column ${column} has more than two values (${values.map(shown).join(', ')}, perhaps more): a label says yes or no. Reduce it to two values, or empty the cells of rows whose outcome is open.`,
          )
        code = values.length - 1
        known.set(key, code)
      }
      if (rows === codes.length) {
        const larger = new Uint8Array(rows * 2)
        larger.set(codes)
        codes = larger
      }
      codes[rows++] = code
      return true
    },
    finish() {
      const [first, second] = values
      if (first === undefined || second === undefined)
        throw new Refusal(
          'label_ambiguous',
          422,
          `Column ${column} has ${first === undefined ? 'no value' : `one value only (${shown(first)})`}: it takes rows of both outcomes to learn what parts them.`,
        )
      const counts = [0, 0]
      for (const code of codes.subarray(0, rows)) counts[code] = (counts[code] as number) + 1
      const positive = conversionOf(column, [first, second], counts, told)
      const outcomes = codes.slice(0, rows).map((code) => (code === positive ? 1 : 0))
      return {
        outcomes,
        conversion: values[positive] as string,
        other: values[1 - positive] as string,
        withoutOutcome,
      }
    },
  }
}

function conversionOf(column: string, values: [string, string], counts: number[], told?: string): 0 | 1 {
  if (told !== undefined) {
    const at = values.findIndex((value) => value.toLowerCase() === told.trim().toLowerCase())
    if (at < 0)
      throw new Refusal(
        'label_value_missing',
        422,
        `Column ${column} has no value ${shown(told)}: it holds ${values.map(shown).join(' and ')}.`,
      )
    return at === 0 ? 0 : 1
  }
  const [first, second] = values.map(meaningOf) as [boolean | null, boolean | null]
  if (first !== null && first !== second) return first ? 0 : 1
  if (second !== null && first === null) return second ? 1 : 0
  const [one, other] = values.map(Number) as [number, number]
  if (!Number.isNaN(one) && !Number.isNaN(other)) return one > other ? 0 : 1
  return (counts[0] as number) <= (counts[1] as number) ? 0 : 1
}

function meaningOf(value: string): boolean | null {
  const bare = value.toLowerCase().replace(/[\s_-]+/g, ' ')
  return winning.has(bare) ? true : losing.has(bare) ? false : readYesNo(bare)
}

const winning = new Set(
  'won,win,converted,conversion,customer,client,closed won,success,successful,succeeded,sold,paid,purchased,bought,qualified,positive,churned,responded,responder,good,hot'.split(
    ',',
  ),
)
const losing = new Set(
  'lost,lose,not converted,unconverted,non converted,prospect,lead,closed lost,failure,failed,fail,unsuccessful,unsold,unpaid,not purchased,unqualified,disqualified,not qualified,negative,retained,stayed,no response,bad,cold,dead,rejected'.split(
    ',',
  ),
)

function shown(value: string): string {
  return `"${value.length > 40 ? `${value.slice(0, 40)}...` : value}"`
}
