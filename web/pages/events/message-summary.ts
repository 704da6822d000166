// One line about a message as it came in: the page, the product, the form. Pure.
import { eventType } from '../../../src/events/contract.ts'
import type { InboxItem } from '../../../src/events/contract.ts'
import { eventSummary } from '../lead/event-summary.ts'

/** Empty where the message's name says all. */
export function messageSummary({
  call,
  name,
  payload,
}: Pick<InboxItem, 'call' | 'name' | 'payload'>): string {
  const message = record(payload)
  const page = record(record(message.context).page)
  const properties = record(message.properties)
  const pageUrl = text(page.url) || text(properties.url)
  const pageTitle = text(page.title) || text(properties.title) || text(message.name)
  if (call === 'page' || call === 'screen')
    return eventSummary({ category: 'page', name, pageTitle, pageUrl, properties })
  if (call === 'identify' || call === 'group') return text(record(message.traits).email)
  const { category } = eventType(name)
  return eventSummary({ category, name, pageTitle, pageUrl, properties })
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
