// Meta: the Graph with its versions, tokens and errors; below it the Conversions API and lead ads.
import { fieldsOf, json, textOf } from '../frame/call.ts'
import type { Answer, Call } from '../frame/call.ts'
import { createCodes } from '../frame/consent.ts'
import type { Panel, Vendor } from '../frame/vendor.ts'
import type { World } from '../frame/world.ts'
import { admit, APP, createAccounts, DATASET_TOKEN, PAGE, PAGE_TOKEN, tokenIn } from './accounts.ts'
import type { Accounts } from './accounts.ts'
import { createBooks } from './books.ts'
import type { EventBooks } from './books.ts'
import { ACTIONS, controlMeta } from './control.ts'
import { takeEvents, unknownObject } from './conversions.ts'
import { graphError } from './errors.ts'
import { createLeads } from './leads.ts'
import { answerDialog, exchangeToken } from './oauth.ts'
import { answerPages } from './pages.ts'
import type { Pages } from './pages.ts'
import { createHook } from './webhook.ts'

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
  const books = createBooks()
  const hook = createHook(world)
  const codes = createCodes(world)
  const open = (): Pages => ({
    world,
    accounts: createAccounts(),
    leads: createLeads(world),
    hook,
    isSubscribed: false,
  })
  let pages = open()

  const answer = (call: Call): Answer | Promise<Answer> => {
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
    if (id === 'dialog' && edge === 'oauth') return answerDialog(call, codes)
    if (id === 'oauth' && edge === 'access_token')
      return exchangeToken(world, pages.accounts, codes, call, traceId)
    if (id === APP.id && edge === 'subscriptions' && call.method === 'POST')
      return subscribeApp(pages, call, traceId)
    if (edge === 'events' && call.method === 'POST')
      return takeEvents(world, pages.accounts, books, id, call, traceId)
    const ofPage = answerPages(pages, id, edge, call, traceId)
    if (ofPage) return ofPage
    if (edge === '' && call.method === 'GET') return readDataset(world, pages.accounts, id, call, traceId)
    return graphError(400, { message: `Unknown path components: /${edge || id}`, code: 2500 }, traceId)
  }

  return {
    id: 'meta',
    name: 'Meta',
    answer,
    tooMany: (_call, retryAfterS) => {
      const refused = graphError(
        429,
        { message: '(#4) Application request limit reached', code: 4, is_transient: true },
        traceOf(world),
      )
      return { ...refused, headers: { ...refused.headers, 'retry-after': String(retryAfterS) } }
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
    books: (query) => ({
      events: books.counts(),
      leads: Object.fromEntries(pages.leads.forms.map(({ id }) => [id, pages.leads.of(id).length])),
      ...(query.get('keys') === 'true' && { keys: books.kept() }),
    }),
    control: (command) => controlMeta(pages, command),
    panel: () => panelOf(pages, books),
    reset() {
      pages = open()
      hook.clear()
      books.clear()
    },
  }
}

/** `POST /{app}/subscriptions` with the app's own token: sets the webhook, once it has passed the challenge. */
async function subscribeApp({ hook }: Pages, call: Call, traceId: string): Promise<Answer> {
  const fields = { ...Object.fromEntries(call.query), ...fieldsOf(call) }
  if (tokenIn(call, fields) !== `${APP.id}|${APP.secret}`)
    return graphError(400, { message: 'Invalid OAuth access token signature.', code: 190 }, traceId)
  const problem = await hook.set(textOf(fields.callback_url), textOf(fields.verify_token))
  if (problem === undefined) return json(200, { success: true })
  return graphError(400, { message: `(#2200) Callback verification failed: ${problem}`, code: 2200 }, traceId)
}

function readDataset(world: World, accounts: Accounts, id: string, call: Call, traceId: string): Answer {
  const token = admit(world, accounts, tokenIn(call, {}), 'ads_management', traceId)
  if ('status' in token) return token
  if (!accounts.datasets.has(id)) return unknownObject(id, traceId)
  const all: Record<string, string> = { id, name: `Sandbox dataset ${id}` }
  const asked = (call.query.get('fields') ?? 'name').split(',')
  return json(200, Object.fromEntries([...new Set([...asked, 'id'])].map((name) => [name, all[name]])))
}

function panelOf({ accounts, hook, isSubscribed, leads }: Pages, books: EventBooks): Panel {
  return {
    tables: [
      {
        title: 'What to type into the product',
        rows: [
          ['Dataset (pixel) id', [...accounts.datasets].join(', ')],
          ['Access token of the dataset', DATASET_TOKEN],
          ['App id and secret', `${APP.id}, ${APP.secret}`],
          ['Page and its token', `${PAGE.id}, ${PAGE_TOKEN}`],
          ['Forms', leads.forms.map(({ id, name }) => `${id} ${name}`).join(', ')],
          ['Webhook of the app', hook.url() || 'none yet: set it below'],
          ['The page tells of leads', isSubscribed ? 'yes' : 'no: the product subscribes it'],
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
    actions: ACTIONS,
  }
}

function newestVersion(): string {
  return Object.keys(VERSIONS).at(-1) ?? ''
}

function traceOf(world: World): string {
  return `A${world.token(22)}`
}
