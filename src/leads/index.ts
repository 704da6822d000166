// The verbs of leads.
export { readTraits } from './traits.ts'
export { RANK } from './record.ts'
export type { Words } from './record.ts'
export { writePeople } from './people.ts'
export type { PeopleChanges, PeopleReport, Saying } from './people.ts'
export type { ConsentAct } from './consent.ts'
