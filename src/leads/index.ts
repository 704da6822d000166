// The verbs of leads.
export { readMessagePerson } from './from-message.ts'
export { readTraits } from './traits.ts'
export { RANK } from './record.ts'
export type { Words } from './record.ts'
export { writePeople } from './people.ts'
export type { PeopleChanges, PeopleReport, Saying } from './people.ts'
export type { ConsentAct } from './consent.ts'
export { declareFields } from './store.ts'
