// The contacts export of HubSpot.
import type { ExportPreset } from '../contract.ts'

export const hubspotContacts: ExportPreset = {
  id: 'hubspot',
  label: 'HubSpot contacts',
  kind: 'contacts',
  idSpace: 'hubspot',
  signs: ['record id', 'lifecycle stage'],
  columns: {
    'record id': 'vendor_customer_id',
    'associated company': 'company',
    'create date': 'created_at',
  },
  // https://knowledge.hubspot.com/records/use-lifecycle-stages
  stages: {
    'lifecycle stage': {
      subscriber: 'new',
      lead: 'new',
      marketingqualifiedlead: 'qualified',
      'marketing qualified lead': 'qualified',
      salesqualifiedlead: 'qualified',
      'sales qualified lead': 'qualified',
      opportunity: 'opportunity',
      customer: 'customer',
      evangelist: 'customer',
    },
  },
}
