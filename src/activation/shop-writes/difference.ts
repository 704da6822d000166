// What of a lead has to be written to its shop: the difference to what both last agreed on. Pure.
import type { OwedCustomer } from '../../commerce/shop/index.ts'
import type { ShopWrite } from '../../connectors/index.ts'
import { clipText } from '../../lib/text.ts'

/** What a connection says of writing. */
export interface WritingSettings {
  writesBack: boolean
  /** keys of custom fields that are written */
  fields: readonly string[]
  /** whose word a consent is that came from the shop itself */
  connector: string
}

/** The change that a shop lacks; null where it lacks nothing. */
export function differenceOf(owed: OwedCustomer, settings: WritingSettings): ShopWrite | null {
  if (!settings.writesBack) return null
  const before = owed.agreed.tags
  const addTags = before
    ? owed.leadTags.filter((tag) => !before.includes(tag) && !owed.tags.includes(tag))
    : []
  const removeTags = before
    ? before.filter((tag) => !owed.leadTags.includes(tag) && owed.tags.includes(tag))
    : []
  const note = owed.notes.map(({ body, at }) => `${at.slice(0, 10)}: ${body}`).join('\n')
  const email = owed.leadEmail === null ? undefined : consentOf(owed, settings, 'email_marketing')
  const sms = owed.leadPhone === null ? undefined : consentOf(owed, settings, 'sms_marketing')
  const fields = fieldsOf(owed, settings)
  const write: ShopWrite = {
    customerId: owed.customerId,
    ...(addTags.length > 0 && { addTags }),
    ...(removeTags.length > 0 && { removeTags }),
    ...(note !== '' && { addNote: clipText(note, 4_000) }),
    ...(email && { email }),
    ...(sms && { sms }),
    ...(fields.length > 0 && { fields }),
  }
  return Object.keys(write).length > 1 ? write : null
}

// The newest explicit act of either side stands; one that came from the shop is there already.
function consentOf(
  owed: OwedCustomer,
  { connector }: WritingSettings,
  purpose: 'email_marketing' | 'sms_marketing',
): { state: 'granted' | 'denied'; at: string } | undefined {
  const ours = owed.consents.find((one) => one.purpose === purpose)
  if (!ours || ours.source === connector) return undefined
  const [state, at] =
    purpose === 'email_marketing'
      ? [owed.emailConsent, owed.emailConsentAt]
      : [owed.smsConsent, owed.smsConsentAt]
  const wanted = ours.state === 'granted' ? 'subscribed' : 'unsubscribed'
  // Who never subscribed need not be unsubscribed.
  const isThere =
    state === wanted || (wanted === 'unsubscribed' && (state === null || state === 'not_subscribed'))
  if (isThere || (at !== null && at.toISOString() >= ours.at)) return undefined
  return { state: ours.state, at: ours.at }
}

function fieldsOf(owed: OwedCustomer, settings: WritingSettings): NonNullable<ShopWrite['fields']> {
  return settings.fields.flatMap((key) => {
    const value = owed.leadFields[key]
    if (value === undefined || value === null || owed.conflicts.some(({ field }) => field === key)) return []
    const text = clipText(String(value), 5_000).replaceAll(/\s+/g, ' ').trim()
    const agreed = owed.agreed.fields?.[key] ?? null
    return text === '' || text === agreed ? [] : [{ key, value: text, agreed }]
  })
}
