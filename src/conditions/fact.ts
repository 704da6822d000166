// A fact as a declared value: what conditions may ask of a subject, read from memory or from ClickHouse.
import type { LoggedEvent } from '../events/contract.ts'
import type { FactType } from './operators.ts'
import type { Fragment } from './fragment.ts'
import type { AsOf } from './dates.ts'
import type { SqlScope } from './sql.ts'

/** What a fact's reader gives; null where nothing is known, which for a text is the same as an empty one. */
export interface FactValues {
  text: string | null
  number: number | null
  /** an instant in ISO 8601 in UTC with milliseconds, or a day alone */
  date: string | null
  boolean: boolean | null
  tags: readonly string[] | null
  /** one of few values, compared to the letter */
  choice: string | null
  consent: ConsentWord
}

export interface ConsentWord {
  /** what the person said; null where nothing was said */
  stated: 'granted' | 'denied' | null
  /** whether the purpose may be acted on, by what was said or by what holds where nothing was */
  isAllowed: boolean
}

interface FactOf<Subject, Type extends FactType> {
  name: string
  label: string
  type: Type
  /** @param asOf the moment at which it is asked, for what moves with time */
  read(subject: Subject, asOf: AsOf): FactValues[Type]
  column: FactColumns[Type]
  /** whether its value becomes another one with time alone */
  movesWithTime?: boolean
}

/** How a fact is read in ClickHouse, over the columns of the query around the condition. */
export interface FactColumns {
  /** a String, empty where nothing is known; `folded` where it is stored as `fold` of it */
  text: { sql: Fragment; isFolded: boolean }
  /** null where nothing is known */
  number: { sql: Fragment | MovingSql }
  /** DateTime64(3), null where nothing is known; `text`: a String as `read` gives it, empty where nothing is known */
  date: { sql: Fragment; as: 'instant' | 'text' }
  /** null where nothing is known */
  boolean: { sql: Fragment }
  tags: TagsColumn
  /** a String, empty where nothing is known */
  choice: { sql: Fragment | MovingSql }
  /** `stated`: 'granted', 'denied' or something else where nothing was said; `isAllowed`: never null */
  consent: { stated: Fragment; isAllowed: Fragment }
}

/** What moves with time is read as of a moment. */
export type MovingSql = (asOf: AsOf) => Fragment

/** Array(String), or tags that are each a question of their own, asked where the condition is; one that is not known holds for nobody. */
export type TagsColumn =
  { sql: Fragment } | { each: readonly string[]; has(tag: string, scope: SqlScope): Fragment }

export type Fact<Subject> = { [Type in FactType]: FactOf<Subject, Type> }[FactType]

/** What of an event a condition may ask for. */
export type SubjectEvent = Pick<
  LoggedEvent,
  | 'name'
  | 'occurredAt'
  | 'isBot'
  | 'channel'
  | 'source'
  | 'utmSource'
  | 'utmMedium'
  | 'utmCampaign'
  | 'pageUrl'
  | 'pagePath'
  | 'pageTitle'
  | 'referrer'
  | 'device'
  | 'country'
  | 'properties'
>

/** The facts that conditions about a subject may name. */
export interface Facts<Subject> {
  byName: ReadonlyMap<string, Fact<Subject>>
  /** the names that facts had, each with the one that it has now */
  former: ReadonlyMap<string, string>
}

/**
 * Facts by name.
 * @param former the names that some had, each with the one that it has now
 */
export function factsOf<Subject>(
  list: readonly Fact<Subject>[],
  former: ReadonlyMap<string, string> = new Map(),
): Facts<Subject> {
  return { byName: new Map(list.map((fact) => [fact.name, fact])), former }
}
