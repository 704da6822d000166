// The connections export of LinkedIn.
import type { ExportPreset } from '../contract.ts'

/** Three lines of notes stand above the header; many rows have no address. */
export const linkedinConnections: ExportPreset = {
  id: 'linkedin',
  label: 'LinkedIn connections',
  kind: 'contacts',
  idSpace: 'linkedin',
  signs: ['first name', 'last name', 'email address', 'company', 'position', 'connected on'],
  columns: { position: 'job_title', url: 'custom', 'connected on': 'custom' },
}
