// The page: an overview with the faults, and one page a vendor with its books, its commands and what it received.
import { text } from '../frame/call.ts'
import type { Answer, Call } from '../frame/call.ts'
import { FAULT_KINDS } from '../frame/faults.ts'
import type { Entry } from '../frame/journal.ts'
import type { Vendor } from '../frame/vendor.ts'
import type { State } from '../server.ts'
import { form, html, page, table } from './html.ts'
import type { Markup } from './html.ts'

/** Answers `/` and `/seen/{vendor}`; undefined for everything else. */
export function answerPage(state: State, call: Call): Answer | undefined {
  const links: [string, string][] = [
    ['/', 'Overview'],
    ...state.vendors.map((vendor): [string, string] => [`/seen/${vendor.id}`, vendor.name]),
  ]
  const vendor = state.vendors.find((each) => call.path === `/seen/${each.id}`)
  if (!vendor && call.path !== '/') return undefined
  const body = vendor ? vendorPage(state, vendor) : overview(state, call.origin)
  return text(200, page(vendor?.name ?? 'Overview', call.path, links, body), 'text/html; charset=utf-8')
}

function overview(state: State, origin: string): Markup {
  const { world, vendors } = state
  return html` <div>
      <h1>Vendors that say no as the real ones do</h1>
      <p class="quiet">
        Nothing here reaches the world. The clock of the sandbox shows ${new Date(world.now()).toISOString()}.
      </p>
    </div>
    ${table({
      title: 'Vendors',
      columns: ['Vendor', 'Base URL', 'Calls received', 'Webhooks sent'],
      rows: vendors.map((vendor) => [
        vendor.name,
        `${origin}/${vendor.id}`,
        world.journal.count(vendor.id, 'in'),
        world.journal.count(vendor.id, 'out'),
      ]),
    })}
    ${faultsOf(state, '*')}
    <section class="actions">
      <h2>Everything</h2>
      ${form({
        title: 'Move the clock ahead: tokens expire, events grow old',
        path: '/clock',
        button: 'Move',
        fields: [{ name: 'advanceMs', label: 'Milliseconds', value: '3600000' }],
      })}
      ${form({ title: 'Forget everything received, and all faults', path: '/reset', button: 'Reset', fields: [] })}
    </section>`
}

function vendorPage(state: State, vendor: Vendor): Markup {
  const { tables, actions } = vendor.panel()
  const entries = state.world.journal.read(vendor.id, 25)
  return html` <h1>${vendor.name}</h1>
    ${tables.map(table)}
    <section>
      <h2>Last calls</h2>
      ${entries.length === 0 ? html`<p class="quiet">Nothing yet: set this vendor's base URL and send something.</p>` : ''}
      ${entries.map(entryOf)}
    </section>
    ${
      actions.length > 0
        ? html`<section class="actions">
            <h2>Commands</h2>
            ${actions.map(form)}
          </section>`
        : ''
    }
    ${faultsOf(state, vendor.id)}`
}

function faultsOf(state: State, vendor: string): Markup {
  const faults = state.world.faults
    .list()
    .filter((fault) => vendor === '*' || [vendor, '*'].includes(fault.vendor))
  return html`<section class="actions">
    <h2>Faults</h2>
    ${faults.map(
      (fault) =>
        html`<form method="post" action="/control/faults/remove" class="plain">
          <input type="hidden" name="id" value="${fault.id}" />
          <span
            >${fault.percent} % of calls to
            ${fault.vendor === '*' ? 'every vendor' : fault.vendor}${fault.path ? ` with ${fault.path}` : ''}:
            ${fault.kind}, struck ${fault.struck}
            times${fault.left === null ? '' : `, ${fault.left} left`}</span
          >
          <button>Remove</button>
        </form>`,
    )}
    ${form({
      title: 'Let calls fail',
      path: '/faults',
      button: 'Add',
      fields: [
        {
          name: 'vendor',
          label: 'Vendor',
          value: vendor,
          options: ['*', ...state.vendors.map(({ id }) => id)],
        },
        { name: 'kind', label: 'What happens', options: [...FAULT_KINDS] },
        { name: 'percent', label: 'Of calls, %', value: '30' },
        { name: 'path', label: 'Only where the path has' },
        { name: 'times', label: 'At most so often' },
        { name: 'delayMs', label: 'Delay, ms', value: '1000' },
        { name: 'retryAfterS', label: 'Retry-After, s', value: '1' },
        { name: 'status', label: 'Status', value: '500' },
      ],
    })}
  </section>`
}

function entryOf(entry: Entry): Markup {
  const isGood = entry.status !== null && entry.status < 400
  return html`<details>
    <summary>
      <span class="quiet">${new Date(entry.at).toISOString().slice(11, 23)}</span>
      <span>${entry.direction === 'out' ? 'sent' : 'received'}</span>
      <span class="url">${entry.method} ${entry.url}</span>
      <span class="${isGood ? 'good' : 'bad'}">${entry.status ?? 'no answer'}</span>
      <span class="quiet">${entry.tookMs.toFixed(1)} ms</span>
      ${entry.faults.length > 0 ? html`<span class="bad">${entry.faults.join(', ')}</span>` : ''}
      ${entry.note ? html`<span class="quiet">${entry.note}</span>` : ''}
    </summary>
    <div>
      <div>
        Request
        <pre>
${entry.method} ${entry.url}
${headersOf(entry.requestHeaders)}

${pretty(entry.requestBody)}</pre>
      </div>
      <div>
        Answer
        <pre>
${entry.status ?? 'no answer'}
${headersOf(entry.answerHeaders)}

${pretty(entry.answerBody)}</pre>
      </div>
    </div>
  </details>`
}

function headersOf(headers: Record<string, string | string[] | undefined>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join('\n')
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
