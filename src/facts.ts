// What modules above leads declare: facts of a lead, and rules that ask for facts; imported by whatever starts a process.
import { declareLeadFacts, declareRules } from './leads/index.ts'
import { readJourneyFacts } from './projections/journey/index.ts'
import { readLifecycleRuleNames } from './projections/lifecycle/index.ts'
import { readScoreFacts, readScoreRuleNames } from './projections/score/index.ts'
import { readPredictionFacts } from './projections/score/prediction/index.ts'

declareLeadFacts(readScoreFacts)
declareLeadFacts(readJourneyFacts)
declareLeadFacts(readPredictionFacts)
declareRules(readScoreRuleNames)
declareRules(readLifecycleRuleNames)
