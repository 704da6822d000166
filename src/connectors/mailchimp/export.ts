// The audience export of Mailchimp.
import type { ExportPreset } from '../contract.ts'

/** OPTIN_TIME and CONFIRM_TIME are the evidence of consent, in UTC; TAGS is a list of quoted names inside one cell. */
export const mailchimpAudience: ExportPreset = {
  id: 'mailchimp',
  label: 'Mailchimp audience',
  kind: 'contacts',
  idSpace: 'mailchimp',
  signs: ['email address', 'optin_time', 'leid', 'euid'],
  columns: {
    optin_time: 'email_consent_at',
    optin_ip: 'email_consent_proof',
    confirm_time: 'email_consent_proof',
    confirm_ip: 'email_consent_proof',
    unsub_time: 'email_unsubscribed_at',
    clean_time: 'email_unsubscribed_at',
    timezone: 'time_zone',
    cc: 'country',
    tags: 'tags',
    last_changed: 'ignore',
    leid: 'ignore',
    euid: 'ignore',
    gmtoff: 'ignore',
    dstoff: 'ignore',
    latitude: 'ignore',
    longitude: 'ignore',
  },
  timeZone: 'UTC',
}
