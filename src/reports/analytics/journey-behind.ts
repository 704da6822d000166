// Who is behind a journey of the tab Attribution: the leads that converted along one path of channels.
import { z } from 'zod'
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Behind } from './contract.ts'
import { inSpan } from './credit.ts'
import type { Scope } from './scope.ts'
import { behind } from './table.ts'
import type { DaySpan } from './window.ts'

/** The value of `journeyed`, as JSON: the conversion, and the channels from the first touch on. */
const journeyBehind = z.tuple([z.string().max(210), z.array(z.string().max(120)).min(1)])

/** As long as a value of a measure may be. */
const LONGEST = 600

/** What lists the leads of a path; undefined of one whose name is too long to ask for. */
export function journeyOpener(goal: string, path: readonly string[]): Behind | undefined {
  const value = JSON.stringify([goal, path])
  return value.length > LONGEST ? undefined : behind('journeyed', value)
}

/** Leads with a conversion along the path in the days of a span. Throws `measure_invalid` (400) */
export function journeyedSql(scope: Scope, span: DaySpan, value: string): Fragment {
  const told = journeyBehind.safeParse(textOf(value))
  if (!told.success) throw new Refusal('measure_invalid', 400, 'Name the journey as the report gave it.')
  const [goal, path] = told.data
  return chSql`lead_id in (select lead_id from credit_paths final
    where ${inSpan(scope, goal, chSql`ended_at`, span)} and conversion_id != '' and path = ${param('Array(String)', path)})`
}

function textOf(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return null
  }
}
