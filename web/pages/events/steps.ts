// The way of a message in words, step by step, from what each step left in its trace. Pure.
import { eventLabel, eventType } from '../../../src/events/contract.ts'
import type { InboxItem, Trace } from '../../../src/events/contract.ts'
import { countryName } from '../../ui/countries.ts'
import { formatNumber, words } from '../../ui/format.ts'
import { fieldWords } from '../lead/event-summary.ts'

export interface Step {
  /** what was done */
  title: string
  /** what came of it */
  text: string
  /** `waits`: not yet; `stopped`: the way ended here */
  kind: 'done' | 'waits' | 'stopped'
}

/** The steps that the message took, in order; the last one says where it is now. */
export function stepsOf(item: InboxItem): Step[] {
  const received: Step = {
    title: 'Received',
    text: `A ${item.call || 'nameless'} call from ${sourceWords(item.source)}${item.lane === 'bulk' ? ', in the lane for bulk' : ''}`,
    kind: 'done',
  }
  if (item.status === 'refused') return [received, stopped('Refused', item)]
  const taken = item.trace ? [received, ...traceSteps(item.trace, item)] : [received]
  switch (item.status) {
    case 'waiting':
      return [
        ...taken,
        { title: 'Waiting', text: 'Its turn comes within a second, as a rule.', kind: 'waits' },
      ]
    case 'dropped':
      return [...taken, stopped('Dropped', item)]
    case 'parked':
      return [...taken, stopped('Parked', item)]
    case 'logged':
      return [
        ...taken,
        item.stored
          ? { title: 'Stored', text: 'The event log has confirmed it.', kind: 'done' }
          : { title: 'Decided', text: 'It waits for the event log to confirm it.', kind: 'waits' },
      ]
  }
}

function traceSteps(trace: Trace, item: InboxItem): Step[] {
  const steps: (Step | undefined)[] = [
    done('Clock', clockText(trace.clockShiftMs)),
    done('Named', nameText(item)),
    done(
      'Sender',
      trace.bot === undefined ? 'Taken for a person' : `Held for a machine: ${botWords(trace.bot)}`,
    ),
    channelStep(trace),
    trace.country === undefined
      ? undefined
      : done(
          'Country',
          `${countryName(trace.country)}, ${countrySources[trace.countrySource ?? ''] ?? 'as told'}`,
        ),
    trace.matchedBy === undefined ? undefined : done('Matched', matchText(trace)),
    changesStep(trace),
  ]
  return steps.filter((step) => step !== undefined)
}

function done(title: string, text: string): Step {
  return { title, text, kind: 'done' }
}

function stopped(title: string, item: InboxItem): Step {
  return { title, text: item.explanation ?? words(item.reason ?? 'no reason was kept'), kind: 'stopped' }
}

function clockText(shiftMs: number | undefined): string {
  if (shiftMs === undefined || shiftMs === 0) return 'The sender’s clock fits ours'
  const seconds = Math.abs(shiftMs) / 1000
  const span =
    seconds < 1
      ? `${formatNumber(Math.abs(shiftMs))} ms`
      : seconds < 120
        ? `${formatNumber(Math.round(seconds * 10) / 10)} s`
        : `${formatNumber(Math.round(seconds / 60))} min`
  return `The sender’s clock was ${span} ${shiftMs > 0 ? 'behind' : 'ahead'}; the time of the event is put right`
}

function nameText({ name, call }: InboxItem): string {
  if (name === '') return 'It has no name'
  const type = call === 'track' ? eventType(name) : { name, category: '' }
  const label = eventLabel(type.name)
  if (type.name === name) return label === name ? name : `${label} (${name})`
  return `“${name}” is our ${type.name}: ${label.toLowerCase()}`
}

function channelStep({ channel, channelRule }: Trace): Step | undefined {
  if (channelRule === undefined) return undefined
  const because = ruleWords(channelRule)
  return channel === undefined
    ? done('Channel', `No touch: ${because}`)
    : done('Channel', `${channel}: ${because}`)
}

function matchText({ matchedBy = '', merged, proposed }: Trace): string {
  const found =
    matchedBy === 'created'
      ? 'Nobody known by its identifiers: a new lead'
      : matchedBy === 'named'
        ? 'The sender named the lead'
        : `Found by ${identifiers[matchedBy] ?? words(matchedBy).toLowerCase()}`
  const more = [
    merged ? `${merged} ${merged === 1 ? 'lead' : 'leads'} merged on its evidence` : '',
    proposed ? 'a merge is proposed' : '',
  ].filter(Boolean)
  return [found, ...more].join('; ')
}

function changesStep({ changed = [], consents = [] }: Trace): Step | undefined {
  const parts = [
    changed.length > 0 ? `Fields: ${changed.map(fieldWords).join(', ')}` : '',
    consents.length > 0 ? `Consent: ${consents.map((name) => words(name).toLowerCase()).join(', ')}` : '',
  ].filter(Boolean)
  return parts.length > 0 ? done('Changed', parts.join('. ')) : undefined
}

function ruleWords(rule: string): string {
  const [kind = '', detail = ''] = rule.split(':')
  const plain = detail.replaceAll('_', ' ')
  switch (kind) {
    case 'named':
      return 'the sender named it'
    case 'utm':
      return `its UTM parameters say ${plain}`
    case 'click_id':
      return `the click id ${detail}`
    case 'referrer':
      return `the referrer (${plain})`
    default:
      return rules[rule] ?? words(rule).toLowerCase()
  }
}

const rules: Record<string, string> = {
  own_domain: 'a page inside a visit',
  direct: 'neither campaign nor referrer',
  no_context: 'the call carries no page',
  payment_return: 'back from a payment page',
  sign_in_return: 'back from a sign-in page',
}

const identifiers: Record<string, string> = {
  user_id: 'the user id',
  vendor_customer_id: 'the customer id',
  email: 'the e-mail address',
  anonymous_id: 'the browser',
  phone: 'the phone number',
}

const countrySources: Record<string, string> = {
  header: 'told by the proxy in front',
  geoip: 'by the address',
  timezone: 'by the browser’s time zone',
}

function botWords(reason: string): string {
  return bots[reason] ?? words(reason).toLowerCase()
}

const bots: Record<string, string> = {
  user_agent_missing: 'it names no browser',
  headless_browser: 'a browser without a window',
  monitor: 'a monitoring service',
  crawler: 'a crawler',
  http_library: 'a program, not a browser',
  declared_bot: 'it calls itself a bot',
}

function sourceWords(source: string): string {
  return source === 'tracker' ? 'the tracker' : source === 'http' ? 'a server' : words(source).toLowerCase()
}
