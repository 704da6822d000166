// HTTP of the score.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from './contract.ts'
import { calculateScore, historyOf, runOf, scoreMany, scoreOf } from './index.ts'
import type { UnderstandNow } from './index.ts'
import {
  adoptScoreRules,
  keepDraft,
  rulesOfVersion,
  scoreRules,
  throwDraftAway,
  trySimulation,
} from './rule-work.ts'

export function scoreRoutes(api: Api, services: Services, understandNow: UnderstandNow): void {
  const { db } = services
  api.on(contract.getScore, ({ params, caller }) => scoreOf(services, caller.workspaceId, params.id))
  api.on(contract.calculateScore, ({ params, caller }) =>
    calculateScore(services, understandNow, caller.workspaceId, params.id),
  )
  api.on(contract.getScoreHistory, ({ params, caller }) => historyOf(services, caller.workspaceId, params.id))
  api.on(contract.bulkCalculateScores, ({ body, caller }) => scoreMany(services, caller, body))
  api.on(contract.getScoreRun, ({ params, caller }) => runOf(db, caller.workspaceId, params.id))
  api.on(contract.getScoreRules, ({ caller }) => scoreRules(db, caller.workspaceId))
  api.on(contract.getScoreRulesVersion, ({ params, caller }) =>
    rulesOfVersion(db, caller.workspaceId, params.version),
  )
  api.on(contract.saveScoreDraft, ({ body, caller }) => keepDraft(services, caller, body))
  api.on(contract.dropScoreDraft, ({ caller }) => throwDraftAway(db, caller.workspaceId))
  api.on(contract.simulateScoreRules, ({ body, caller }) => trySimulation(services, caller.workspaceId, body))
  api.on(contract.adoptScoreRules, ({ body, caller }) => adoptScoreRules(services, caller, body))
}
