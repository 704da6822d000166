// What modules above leads declare as facts of a lead; imported by whatever starts a process.
import { declareLeadFacts } from './leads/index.ts'
import { readJourneyFacts } from './projections/journey/index.ts'
import { readScoreFacts } from './projections/score/index.ts'
import { readPredictionFacts } from './projections/score/prediction/index.ts'

declareLeadFacts(readScoreFacts)
declareLeadFacts(readJourneyFacts)
declareLeadFacts(readPredictionFacts)
