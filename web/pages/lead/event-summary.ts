// One line about an event, from what it carries: the page, the product, the fields that changed. Pure.
import type { TimelineItem } from '../../../src/events/contract.ts'
import { eventLabel } from '../../../src/events/contract.ts'
import { stageLabels } from '../../../src/projections/lifecycle/contract.ts'
import { words } from '../../ui/format.ts'
import { temperatureNames } from '../../ui/score-names.ts'

/** Empty where the event's name says all. */
export function eventSummary(
  item: Pick<TimelineItem, 'category' | 'name' | 'pageTitle' | 'pageUrl' | 'properties'>,
): string {
  const { properties } = item
  switch (item.category) {
    case 'page':
      return item.pageTitle || text(properties.name) || pathOf(item.pageUrl)
    case 'commerce':
      return [text(properties.order_number) || text(properties.order_id), products(properties)]
        .filter(Boolean)
        .join(' · ')
    case 'consent':
      return [words(text(properties.purpose)), text(properties.state)].filter(Boolean).join(': ')
    case 'message':
      return text(properties.email_subject) || text(properties.subject) || text(properties.campaign_name)
    case 'record':
      if (item.name === 'segment_entered' || item.name === 'segment_left') return text(properties.segment)
      return fieldsOf(properties.changed ?? properties.fields)
    case 'identity':
      return item.name === 'lead_merged' || item.name === 'lead_unmerged'
        ? words(text(properties.reason))
        : text(properties.email) || text(properties.name)
    case 'form':
      return (
        text(properties.form_name) || text(properties.form) || text(properties.title) || pathOf(item.pageUrl)
      )
    case 'standing':
      return item.name === 'stage_moved' ? moveSummary(properties) : scoreSummary(properties)
    case 'action':
    case 'conversation':
      return (
        text(properties.label) || text(properties.subject) || text(properties.name) || text(properties.title)
      )
  }
}

/** `41 → 56 B, Warm · Requested a demo`; the cause is an event, the record, or rules that were adopted. */
export function scoreSummary({
  score,
  before,
  grade,
  temperature,
  cause,
  is_recomputed: isRecomputed,
}: Record<string, unknown>): string {
  const points = (value: unknown) => (typeof value === 'number' ? `${Math.round(value)}` : '')
  const now = [points(score), text(grade)].filter(Boolean).join(' ')
  const change = points(before) === '' ? now : `${points(before)} → ${now}`
  const standing = [change, temperatureNames[text(temperature)]].filter(Boolean).join(', ')
  return [standing, isRecomputed ? 'other rules were adopted' : causeWords(text(cause))]
    .filter(Boolean)
    .join(' · ')
}

function causeWords(cause: string): string {
  return cause === 'record_changed' ? 'the record changed' : eventLabel(cause)
}

// The event that moved it stands right below.
function moveSummary({ from, to, is_backward: isBackward }: Record<string, unknown>): string {
  const label = (stage: unknown) => stageLabels[text(stage) as keyof typeof stageLabels] ?? text(stage)
  return `${label(from)} → ${label(to)}${isBackward ? ', backward' : ''} · by a rule`
}

/** `fields.shirt_size` becomes `shirt size`, `jobTitle` `job title`. */
export function fieldWords(name: string): string {
  return name
    .replace(/^fields\./, '')
    .replace(/Id$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
}

/** What an edit changed, field by field, with what stood there before; undefined for any other event. */
export function changesOf({ before, after }: Record<string, unknown>): [string, string][] | undefined {
  const [old, now] = [record(before), record(after)]
  if (!old || !now) return undefined
  return Object.keys(now).map((name) => [fieldWords(name), `${plain(now[name])}, was ${plain(old[name])}`])
}

/** What the event carries beside what the product put in for itself (`$context`, `$clickIds`). */
export function ownProperties(properties: Record<string, unknown>): [string, unknown][] {
  return Object.entries(properties).filter(([key]) => !key.startsWith('$'))
}

function products(properties: Record<string, unknown>): string {
  const list = Array.isArray(properties.products) ? (properties.products as unknown[]) : []
  const names = list.map((product) => productName(record(product))).filter(Boolean)
  const [first] = names
  if (first === undefined) return text(properties.name) || text(properties.query) || text(properties.category)
  return list.length > 1 ? `${first} and ${list.length - 1} more` : first
}

// Trackers and servers say `name`, the lines of a shop's export `title`.
function productName(product: Record<string, unknown> | undefined): string {
  return text(product?.name) || text(product?.title)
}

function fieldsOf(value: unknown): string {
  return Array.isArray(value) ? value.map((name) => fieldWords(String(name))).join(', ') : ''
}

function pathOf(url: string): string {
  try {
    return new URL(url).pathname
  } catch {
    return url
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty'
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : value.join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
