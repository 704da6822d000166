// The verbs of leads.
export { readMessagePerson } from './from-message.ts'
export { fieldKey, readTraits } from './traits.ts'
export { emailKindOf } from './enrichment.ts'
export { RANK } from './record.ts'
export type { Words } from './record.ts'
export { decidePeople } from './decide-people.ts'
export type { PeopleChanges, PeopleDecision, PeopleReport, Saying } from './decide-people.ts'
export { insertPeople, writePeople } from './people.ts'
export type { NewPeople } from './people.ts'
export { effectiveConsent } from './consent.ts'
export type { ConsentAct } from './consent.ts'
export { takeBackLeads } from './take-back.ts'
export type { KeptReason } from './take-back.ts'
export { countProposals } from './store/proposals.ts'
export { declareFields } from './store.ts'
export type { LeadReactions } from './reactions.ts'
export { leadRoutes } from './routes.ts'
export { findLead } from './deed.ts'
export { updateLead } from './edit.ts'
export { isMember } from './store/detail.ts'
export { bulkTasks } from './bulk/jobs.ts'
export { isBulkAtWork } from './bulk/store.ts'
export type { FieldReactions } from './fields/change.ts'
export { fieldTasks } from './fields/jobs.ts'
export { settleSayings } from './fields/settle.ts'
export type { SettledField } from './fields/settle.ts'
export { readSettledFields } from './fields/store/fields.ts'
export {
  clearOwnOwed,
  feedLeadFacts,
  holdOffFeed,
  leadIdsAfter,
  markBulk,
  oweNewcomers,
  oweWorkspace,
  owedState,
  sendFacts,
  tellFacts,
} from './fact-feed.ts'
export type { FactOrders, FactParts, FactState } from './fact-row.ts'
export { leadFacts } from './facts.ts'
export type { LeadSubject } from './facts.ts'
export { readFactParts } from './store/fact-parts.ts'
export { readToldAt } from './store/told.ts'
export type { ToldAt } from './store/told.ts'
export type { Understand } from './fact-feed.ts'
export { isCopyWhole, nextVersion } from './store/lead-facts.ts'
export type { FeedLane } from './store/lead-facts.ts'
export { eraseLead } from './erase/index.ts'
export { eraseTasks } from './erase/jobs.ts'
export { duplicateCron, duplicateTasks } from './duplicates/jobs.ts'
export { eraseLeads } from './erase/index.ts'
export { describePeople, presentLeads } from './read.ts'
export { factsOfWorkspace } from './filter.ts'
export { declareLeadFacts, declareRules } from './declared.ts'
export type { RuleNames } from './declared.ts'
export {
  catchUp,
  changedSince,
  countPacked,
  oweLeads,
  packFitting,
  packedDifference,
  unpacked,
  versionNow,
} from './fitting.ts'
