// Words a call as an entry of a tag manager's data layer.
import type { Call } from './calls.ts'

/**
 * The objects to push, in order. `event_id` is the id that the server-side conversion of the same act has (its own, of an order the
 * order's, else the message id), so that a vendor counts a browser tag and the server once. Traits and the fields of forms stay out:
 * what a visitor typed is not for every tag on the page.
 */
export function dataLayerEntries(call: Call): Record<string, unknown>[] {
  const entry: Record<string, unknown> = {
    ...call.properties,
    event: call.event || (call.type === 'page' ? 'page_view' : call.type),
  }
  entry.event_id =
    entry.event_id || (/^order.completed$/i.test(call.event!) && entry.order_id) || call.messageId
  if (call.userId) entry.user_id = call.userId
  if (call.groupId) entry.group_id = call.groupId
  if (call.event === 'form_submitted') delete entry.fields
  // Tag managers merge pushed objects, so the last e-commerce object has to be cleared before the next.
  return entry.ecommerce ? [{ ecommerce: null }, entry] : [entry]
}
