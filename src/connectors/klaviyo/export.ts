// The profiles export of Klaviyo.
import type { ExportPreset } from '../contract.ts'

export const klaviyoProfiles: ExportPreset = {
  id: 'klaviyo',
  label: 'Klaviyo profiles',
  kind: 'contacts',
  idSpace: 'klaviyo',
  signs: ['email', 'first name', 'last name', 'phone number', 'organization', 'title'],
  columns: { organization: 'company', title: 'job_title' },
}
