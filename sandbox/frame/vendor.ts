// What a vendor of the sandbox is: it answers calls below its prefix, keeps books, and shows them.
import type { Answer, Call, JsonObject } from './call.ts'
import type { World } from './world.ts'

export interface Vendor {
  /** its id in the control API and its path prefix: `meta` lives under `/meta` */
  id: string
  name: string
  answer(call: Call): Answer | Promise<Answer>
  /** How this vendor says that it was called too often. */
  tooMany(call: Call, retryAfterS: number): Answer
  /** How this vendor says that something broke on its side. */
  broken(call: Call, status: number): Answer
  /** What it received, counted as the vendor would count it. */
  books(query: URLSearchParams): unknown
  /** Commands below `/control/{id}`; undefined where there is no such command. */
  control(command: Command): Answer | undefined | Promise<Answer | undefined>
  panel(): Panel
  /** Forgets everything that happened. */
  reset(): void
  close?(): Promise<void>
}

export type OpenVendor = (world: World) => Vendor

export interface Command {
  method: string
  /** below `/control/{vendor}`, such as `/tokens` */
  path: string
  query: URLSearchParams
  fields: JsonObject
  origin: string
}

/** What the vendor's page shows beside its calls. */
export interface Panel {
  tables: Table[]
  actions: Action[]
}

export interface Table {
  title: string
  columns?: string[]
  rows: (string | number)[][]
}

/** A small form on the page that sends a command of the control API. */
export interface Action {
  title: string
  /** below `/control`, such as `/shopify/webhooks` */
  path: string
  button: string
  fields: Field[]
}

export interface Field {
  name: string
  label: string
  value?: string
  options?: string[]
}
