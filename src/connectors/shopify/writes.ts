// What we write into a shop: tags as differences, notes appended, consent with its instant, custom fields with compare-and-set.
import type { Exchange, Outcome } from '../exchange.ts'
import { asObject } from '../exchange.ts'
import type { Asked, ShopWrite, ShopWritten } from '../shop.ts'
import { ask, change, listOf } from './ask.ts'
import {
  ADD_TAGS,
  FIELDS_OF,
  NOTE_OF,
  REMOVE_TAGS,
  SET_EMAIL_CONSENT,
  SET_FIELDS,
  SET_NOTE,
  SET_SMS_CONSENT,
} from './documents.ts'
import { gidOf } from './values.ts'

/** Where our fields stand among those of other apps. */
export const NAMESPACE = 'throughline'

type Step = Asked<Record<string, unknown>>
const DONE: Outcome = { kind: 'sent', words: 'The shop has the change.' }

/** Makes a change, part by part. Each may be made again: what is there already stays as it is. */
export function* writeCustomer(write: ShopWrite): Exchange<ShopWritten> {
  const id = gidOf('Customer', write.customerId)
  const written: ShopWritten = { outcome: DONE }
  const steps: (() => Exchange<Step>)[] = []
  if (write.addTags?.length) steps.push(() => change(ADD_TAGS, 'tagsAdd', { id, tags: write.addTags }))
  if (write.removeTags?.length)
    steps.push(() => change(REMOVE_TAGS, 'tagsRemove', { id, tags: write.removeTags }))
  const { email, sms, addNote } = write
  if (email)
    steps.push(() =>
      change(SET_EMAIL_CONSENT, 'customerEmailMarketingConsentUpdate', {
        input: { customerId: id, emailMarketingConsent: consent(email) },
      }),
    )
  if (sms)
    steps.push(() =>
      change(SET_SMS_CONSENT, 'customerSmsMarketingConsentUpdate', {
        input: { customerId: id, smsMarketingConsent: consent(sms) },
      }),
    )
  if (addNote) steps.push(() => appendNote(id, addNote, written))
  if (write.fields?.length) steps.push(() => setFields(id, write.fields ?? [], written))
  for (const step of steps) {
    const made = yield* step()
    if (!made.ok) return { ...written, outcome: made.outcome }
  }
  return written
}

// An opt-in level is not given: Shopify keeps the one it has.
function consent({ state, at }: { state: 'granted' | 'denied'; at: string }) {
  return { marketingState: state === 'granted' ? 'SUBSCRIBED' : 'UNSUBSCRIBED', consentUpdatedAt: at }
}

// A note has no compare-and-set: it is read right before, and what is there is kept.
function* appendNote(id: string, text: string, written: ShopWritten): Exchange<Step> {
  const asked = yield* ask(NOTE_OF, { id })
  if (!asked.ok) return asked
  const customer = asObject(asked.value.customer)
  if (!customer) return gone()
  const before = typeof customer.note === 'string' ? customer.note : ''
  if (before.includes(text)) {
    written.note = before
    return { ok: true, value: {} }
  }
  const note = before === '' ? text : `${before}\n${text}`
  const made = yield* change(SET_NOTE, 'customerUpdate', { id, note })
  if (made.ok) written.note = note
  return made
}

// https://shopify.dev/docs/apps/build/metafields: `compareDigest` refuses a write over a value that changed meanwhile; null
// stands for none. At most 25 in one call.
function* setFields(
  id: string,
  fields: NonNullable<ShopWrite['fields']>,
  written: ShopWritten,
): Exchange<Step> {
  const keys = fields.map(({ key }) => `${NAMESPACE}.${key}`)
  const asked = yield* ask(FIELDS_OF, { id, keys })
  if (!asked.ok) return asked
  const customer = asObject(asked.value.customer)
  if (!customer) return gone()
  const standing = new Map(
    listOf(asObject(customer.metafields)?.nodes)
      .filter(({ namespace }) => namespace === NAMESPACE)
      .map((field) => [String(field.key), field]),
  )
  const conflicts: NonNullable<ShopWritten['conflicts']> = []
  const going = fields.slice(0, 25).flatMap(({ key, value, agreed, force }) => {
    const theirs = standing.get(key)
    const current = theirs === undefined ? null : String(theirs.value)
    if (current === value) return []
    if (current !== agreed && !force) {
      conflicts.push({ field: key, ours: value, theirs: current ?? '' })
      return []
    }
    return [
      {
        ownerId: id,
        namespace: NAMESPACE,
        key,
        value,
        type: 'single_line_text_field',
        compareDigest: theirs === undefined ? null : String(theirs.compareDigest),
      },
    ]
  })
  written.conflicts = conflicts
  if (going.length === 0) {
    written.fields = accepted(fields, conflicts)
    return { ok: true, value: {} }
  }
  const made = yield* change(SET_FIELDS, 'metafieldsSet', { metafields: going })
  // Somebody wrote between the two calls: the next try sees what.
  if (!made.ok && /stale|digest|changed since/i.test(made.outcome.words))
    return { ok: false, outcome: { kind: 'later', words: made.outcome.words, afterMs: 1_000 } }
  if (made.ok) written.fields = accepted(fields, conflicts)
  return made
}

function accepted(
  fields: NonNullable<ShopWrite['fields']>,
  conflicts: readonly { field: string }[],
): Record<string, string> {
  return Object.fromEntries(
    fields
      .slice(0, 25)
      .filter(({ key }) => !conflicts.some(({ field }) => field === key))
      .map(({ key, value }) => [key, value]),
  )
}

function gone(): Step {
  return { ok: false, outcome: { kind: 'refused', words: 'The shop no longer has this customer.' } }
}
