// Which column of a lead's row holds which of its fields.
import type { LeadFields } from './contract.ts'
import type { LeadRow } from './record.ts'

export const COLUMNS = {
  email: 'email',
  phone: 'phone',
  firstName: 'first_name',
  lastName: 'last_name',
  company: 'company',
  jobTitle: 'job_title',
  city: 'city',
  country: 'country',
  language: 'language',
  timeZone: 'time_zone',
} as const satisfies Record<keyof LeadFields, keyof LeadRow>

export const fieldNames = Object.keys(COLUMNS) as (keyof LeadFields)[]
export const columnsOfFields = Object.values(COLUMNS)
