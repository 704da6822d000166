// How a notice reads, and where it leads. Pure.
import { leadKinds } from '../../../src/notices/contract.ts'
import type { Notice, NoticeKind } from '../../../src/notices/contract.ts'
import { stageLabels } from '../../../src/projections/lifecycle/contract.ts'
import { count } from '../../ui/format.ts'

export const kindNames: Record<NoticeKind, string> = {
  hot_lead: 'Hot leads',
  cold_lead: 'Going cold',
  abandoned_carts: 'Carts',
  parked_messages: 'Messages',
  refused_events: 'Events',
  failed_import: 'Imports',
  lost_connection: 'Connections',
  stopped_webhook: 'Webhooks',
  finished_import: 'Imports',
  failed_deliveries: 'Deliveries',
  duplicates: 'Duplicates',
  failed_jobs: 'Background work',
}

/** What it says beside the name of its lead, or all that it says. */
export function noticeWords({ kind, count: number, about, lead }: Notice): string {
  if (lead) {
    const stage = stageLabels[lead.stage as keyof typeof stageLabels]
    const score = lead.score === null ? '' : `score ${Math.round(lead.score)} ${lead.grade ?? ''}`.trim()
    return [lead.company, stage, score].filter(Boolean).join(' · ')
  }
  switch (kind) {
    case 'abandoned_carts':
      return `${count(number, 'cart')} ${number === 1 ? 'was' : 'were'} left behind in the last three days by people who can be reached`
    case 'parked_messages':
      return `${count(number, 'message')} could not be worked on and ${number === 1 ? 'waits' : 'wait'} to be replayed`
    case 'refused_events':
      return `The event log refused ${count(number, 'event')}; the numbers are short by ${number === 1 ? 'it' : 'them'}`
    case 'failed_import':
      return `An import failed: ${about}`
    case 'lost_connection':
      return `A connection does not work: ${about}`
    case 'stopped_webhook':
      return `A webhook was stopped: ${about}`
    case 'finished_import':
      return `An import is done: ${about}`
    case 'failed_deliveries':
      return `${count(number, 'delivery', 'deliveries')} did not arrive, or nobody knows whether ${number === 1 ? 'it' : 'they'} did`
    case 'duplicates':
      return `${count(number, 'pair')} of leads may be the same person`
    default:
      return `${count(number, 'background job')} failed for good; the log of the server says why`
  }
}

/** What its instant is. */
export function sinceWords(kind: NoticeKind): string {
  if (kind === 'hot_lead') return 'turned hot'
  return kind === 'cold_lead' ? 'last seen' : 'last'
}

/** The name by which a control speaks of it. */
export function noticeName(notice: Notice): string {
  return notice.lead?.label ?? noticeWords(notice)
}

/** Kinds in the order of the list, each with its notices. */
export function byKind(items: readonly Notice[]): { kind: NoticeKind; items: Notice[] }[] {
  const groups: { kind: NoticeKind; items: Notice[] }[] = []
  for (const item of items) {
    const last = groups.at(-1)
    // What is not about leads is a list of single things.
    const isSame = last && (last.kind === item.kind || (!isOfLeads(last.kind) && !isOfLeads(item.kind)))
    if (isSame) last.items.push(item)
    else groups.push({ kind: item.kind, items: [item] })
  }
  return groups
}

export function isOfLeads(kind: NoticeKind): boolean {
  return leadKinds.includes(kind)
}
