// The facts that every workspace's leads have, by name and type: what filter builders offer. facts.ts says how each is read.
import type { FactType } from '../conditions/contract.ts'

/** Custom fields come on top as `fields.<key>`, see `listFacets`. */
export const standingFacts = [
  { name: 'country', label: 'Country', type: 'text' },
  { name: 'tags', label: 'Tags', type: 'tags' },
  { name: 'source', label: 'Source', type: 'text' },
  { name: 'firstChannel', label: 'First channel', type: 'text' },
  { name: 'lastChannel', label: 'Last channel', type: 'text' },
  { name: 'lastSeenAt', label: 'Last seen', type: 'instant' },
  { name: 'firstSeenAt', label: 'First seen', type: 'instant' },
  { name: 'createdAt', label: 'Created', type: 'instant' },
  { name: 'eventCount', label: 'Events', type: 'number' },
  { name: 'sessionCount', label: 'Sessions', type: 'number' },
  { name: 'email', label: 'E-mail', type: 'text' },
  { name: 'phone', label: 'Phone', type: 'text' },
  { name: 'firstName', label: 'First name', type: 'text' },
  { name: 'lastName', label: 'Last name', type: 'text' },
  { name: 'company', label: 'Company', type: 'text' },
  { name: 'jobTitle', label: 'Job title', type: 'text' },
  { name: 'city', label: 'City', type: 'text' },
  { name: 'language', label: 'Language', type: 'text' },
  { name: 'owner', label: 'Owner', type: 'text' },
  { name: 'isKnown', label: 'Is known', type: 'boolean' },
] as const satisfies readonly { name: string; label: string; type: FactType }[]
