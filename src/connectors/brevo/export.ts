// The contacts export of Brevo.
import type { ExportPreset } from '../contract.ts'

export const brevoContacts: ExportPreset = {
  id: 'brevo',
  label: 'Brevo contacts',
  kind: 'contacts',
  idSpace: 'brevo',
  signs: ['email', 'sms', 'email_blacklisted', 'sms_blacklisted'],
  columns: {
    sms: 'phone',
    email_blacklisted: 'email_unsubscribed',
    sms_blacklisted: 'sms_unsubscribed',
    added_time: 'created_at',
    modified_time: 'ignore',
  },
  dateOrder: 'DMY',
  phonesLackPlus: true,
}
