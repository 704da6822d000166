// Meta: the Graph with its versions, tokens and errors; below it the Conversions API.
import { json, textOf } from '../frame/call.ts'
import type { Answer, Call } from '../frame/call.ts'
import type { Command, Panel, Vendor } from '../frame/vendor.ts'
import type { World } from '../frame/world.ts'
import { admit, APP, createAccounts, DATASET, DATASET_TOKEN, tokenIn } from './accounts.ts'
import type { Accounts, Token } from './accounts.ts'
import { createBooks } from './books.ts'
import type { EventBooks } from './books.ts'
import { takeEvents, unknownObject } from './conversions.ts'
import { graphError } from './errors.ts'

/** Versions and the day each ends, from the changelog of the Graph API. */
const VERSIONS: Record<string, string> = {
  'v21.0': '2027-01-21',
  'v22.0': '2027-05-20',
  'v23.0': '2027-10-08',
  'v24.0': '2028-02-18',
  'v25.0': '2028-07-29',
  'v26.0': '9999-12-31',
}

export function openMeta(world: World): Vendor {
  let accounts = createAccounts()
  const books = createBooks()
  return {
    id: 'meta',
    name: 'Meta',
    answer: (call) => answerGraph(world, accounts, books, call),
    tooMany: (_call, retryAfterS) => {
      const answer = graphError(
        429,
        { message: '(#4) Application request limit reached', code: 4, is_transient: true },
        traceOf(world),
      )
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterS) } }
    },
    broken: (_call, status) =>
      graphError(
        status,
        {
          message: 'An unexpected error has occurred. Please retry your request later.',
          code: 2,
          is_transient: true,
        },
        traceOf(world),
      ),
    books: (query) =>
      query.get('keys') === 'true'
        ? { events: books.counts(), keys: books.kept() }
        : { events: books.counts() },
    control: (command) => controlMeta(accounts, command),
    panel: () => panelOf(accounts, books),
    reset() {
      accounts = createAccounts()
      books.clear()
    },
  }
}

function answerGraph(world: World, accounts: Accounts, books: EventBooks, call: Call): Answer {
  const traceId = traceOf(world)
  const [, version = '', id = '', edge = ''] = call.path.split('/')
  const ends = VERSIONS[version]
  if (ends === undefined || world.now() >= Date.parse(ends))
    return graphError(
      400,
      {
        message: `(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: ${newestVersion()}.`,
        code: 2635,
      },
      traceId,
    )
  if (edge === 'events' && call.method === 'POST')
    return takeEvents(world, accounts, books, id, call, traceId)
  if (edge === '' && call.method === 'GET') return readDataset(world, accounts, id, call, traceId)
  return graphError(400, { message: `Unknown path components: /${edge || id}`, code: 2500 }, traceId)
}

function readDataset(world: World, accounts: Accounts, id: string, call: Call, traceId: string): Answer {
  const token = admit(world, accounts, tokenIn(call, {}), 'ads_management', traceId)
  if ('status' in token) return token
  if (!accounts.datasets.has(id)) return unknownObject(id, traceId)
  const all: Record<string, string> = { id, name: `Sandbox dataset ${id}` }
  const asked = (call.query.get('fields') ?? 'name').split(',')
  return json(200, Object.fromEntries([...new Set([...asked, 'id'])].map((name) => [name, all[name]])))
}

function controlMeta(accounts: Accounts, command: Command): Answer | undefined {
  const { fields } = command
  switch (`${command.method} ${command.path}`) {
    case 'POST /datasets': {
      const id = textOf(fields.id)
      if (!/^\d{5,20}$/.test(id))
        return json(400, { error: 'The id of a dataset is a number of 5 to 20 digits.' })
      accounts.datasets.add(id)
      return json(201, { id })
    }
    case 'POST /tokens': {
      const given = textOf(fields.token)
      const state = (['valid', 'expired', 'revoked'] as const).find((known) => known === fields.state)
      if (given === '' || !state)
        return json(400, { error: 'A token has a state: valid, expired or revoked.' })
      const token: Token = accounts.tokens.get(given) ?? { state, permissions: [] }
      token.state = state
      const wanted = textOf(fields.permissions)
      if (wanted !== '' || token.permissions.length === 0)
        token.permissions = wanted === 'none' ? [] : ['ads_management']
      accounts.tokens.set(given, token)
      return json(200, { token: given, ...token })
    }
    default:
      return undefined
  }
}

function panelOf(accounts: Accounts, books: EventBooks): Panel {
  return {
    tables: [
      {
        title: 'What to type into the product',
        rows: [
          ['Dataset (pixel) id', [...accounts.datasets].join(', ')],
          ['Access token', DATASET_TOKEN],
          ['App id and secret', `${APP.id}, ${APP.secret}`],
        ],
      },
      {
        title: 'Conversions by dataset',
        columns: ['Dataset', 'Received', 'Counted', 'Duplicates', 'Without event_id', 'With a test code'],
        rows: Object.entries(books.counts()).map(([dataset, count]) => [
          dataset,
          count.received,
          count.counted,
          count.duplicates,
          count.withoutId,
          count.test,
        ]),
      },
    ],
    actions: [
      {
        title: 'An access token',
        path: '/meta/tokens',
        button: 'Set',
        fields: [
          { name: 'token', label: 'Token', value: DATASET_TOKEN },
          { name: 'state', label: 'State', options: ['valid', 'expired', 'revoked'] },
          { name: 'permissions', label: 'Permissions', options: ['ads_management', 'none'] },
        ],
      },
      {
        title: 'Another dataset',
        path: '/meta/datasets',
        button: 'Add',
        fields: [{ name: 'id', label: 'Id', value: `${DATASET.slice(0, -1)}2` }],
      },
    ],
  }
}

function newestVersion(): string {
  return Object.keys(VERSIONS).at(-1) ?? ''
}

function traceOf(world: World): string {
  return `A${world.token(22)}`
}
