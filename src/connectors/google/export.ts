// The contacts export of Google Contacts.
import type { ExportPreset } from '../contract.ts'

export const googleContacts: ExportPreset = {
  id: 'google_contacts',
  label: 'Google Contacts',
  kind: 'contacts',
  idSpace: 'google',
  signs: ['e-mail 1 - value', 'phone 1 - value'],
  columns: {
    'e-mail 1 - value': 'email',
    'phone 1 - value': 'phone',
    'given name': 'first_name',
    'family name': 'last_name',
    'organization 1 - name': 'company',
    'organization name': 'company',
    'organization title': 'job_title',
  },
}
