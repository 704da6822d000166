// A fact as a declared value: what conditions may ask of a subject, read from memory or from PostgreSQL.
import type { RawBuilder } from 'kysely'
import type { FactType } from './contract.ts'
import type { Fragment } from './fragment.ts'

/** What a fact's reader gives: instants are ISO 8601 in UTC with milliseconds; null where nothing is known. */
export interface FactValues {
  text: string | null
  number: number | null
  instant: string | null
  boolean: boolean | null
  tags: readonly string[] | null
}

interface FactOf<Subject, Type extends FactType> {
  name: string
  label: string
  type: Type
  read(subject: Subject): FactValues[Type]
  /** an expression of the type's own PostgreSQL type; for an instant `timestamptz`, or text in the form that `read` gives */
  sql: RawBuilder<unknown>
  /**
   * the same in ClickHouse, over the columns of `lead_facts`. Text: a String that is empty where nothing is known; number and
   * boolean: null where nothing is known; instant: DateTime64(3), null where nothing is known, or with `instantAs: 'text'` a
   * String in the form that `read` gives or a day alone, empty where nothing is known; tags: Array(String)
   */
  column?: Fragment
  /** for a text: `column` in lower case with every final sigma as a plain one, where it is stored so */
  folded?: Fragment
  /** for an instant: what `sql` is */
  instantAs?: 'timestamptz' | 'text'
}

export type Fact<Subject> = { [Type in FactType]: FactOf<Subject, Type> }[FactType]

/** The facts that conditions about a subject may name. */
export type Facts<Subject> = ReadonlyMap<string, Fact<Subject>>

/** Facts by name. */
export function factsOf<Subject>(list: readonly Fact<Subject>[]): Facts<Subject> {
  return new Map(list.map((fact) => [fact.name, fact]))
}
