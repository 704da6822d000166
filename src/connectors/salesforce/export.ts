// Lead and contact reports of Salesforce.
import type { ExportPreset } from '../contract.ts'

/** Reports end with "Grand Totals" and a copyright line; their dates follow the reader's locale. */
export const salesforceReport: ExportPreset = {
  id: 'salesforce',
  label: 'Salesforce report',
  kind: 'contacts',
  idSpace: 'salesforce',
  signs: ['lead source', 'lead status', 'owner alias'],
  columns: { 'created date': 'created_at' },
}
