// Serves leads over HTTP.
import type { Api, Caller } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import { bulkRoutes } from './bulk/routes.ts'
import { consentRoutes } from './consents/routes.ts'
import * as contract from './contract.ts'
import { duplicateRoutes } from './duplicates/routes.ts'
import { eraseRoutes } from './erase/routes.ts'
import { exportRoutes } from './export/routes.ts'
import { binLead, createLead, restoreLead, updateLead } from './edit.ts'
import { listFacets, listLeads, showChanged } from './list.ts'
import { mergedIds, previewMerge } from './merge-preview.ts'
import { dismissProposal, mergeLeads, unmergeLeads } from './merge.ts'
import type { LeadReactions } from './reactions.ts'
import { personRoutes } from './person/routes.ts'
import { previewLeads } from './preview.ts'
import { suggestValues } from './suggest.ts'
import { getLead, getTimeline, listConsent, listNotes, listProposals } from './read.ts'
import { addNote, removeNote, setConsent } from './remarks.ts'
import { viewRoutes } from './views/routes.ts'

/** @param reactions who acts on what an edit causes beyond leads */
export function leadRoutes(api: Api, services: Services, reactions: LeadReactions): void {
  const { db, clock } = services
  // Whoever changes a lead finds it changed in the list at once.
  const shown =
    <T>(caller: Caller, idsOf: (reply: T) => string[]) =>
    async (reply: T): Promise<T> => {
      await showChanged(services, caller.workspaceId, idsOf(reply))
      return reply
    }
  bulkRoutes(api, services)
  consentRoutes(api, services)
  exportRoutes(api, services)
  personRoutes(api, services)
  eraseRoutes(api, services, reactions)
  duplicateRoutes(api, services)
  viewRoutes(api, services)
  api.on(contract.listLeads, ({ query, caller }) =>
    listLeads(db, caller.workspaceId, query, clock(), services.clickhouse),
  )
  api.on(contract.suggestValues, ({ query, caller }) => suggestValues(services, caller.workspaceId, query))
  api.on(contract.previewLeads, ({ body, caller }) =>
    previewLeads(services, caller.workspaceId, body, clock()),
  )
  api.on(contract.listFacets, ({ caller }) => listFacets(db, caller.workspaceId, services.clickhouse))
  api.on(contract.listProposals, ({ caller }) => listProposals(db, caller.workspaceId))
  api.on(contract.dismissProposal, ({ params, caller }) => dismissProposal(services, caller, params.id))
  api.on(contract.createLead, ({ body, caller }) =>
    createLead(services, caller, body, reactions).then(shown(caller, ({ id }) => [id])),
  )
  api.on(contract.mergeLeads, ({ body, caller }) =>
    mergeLeads(services, caller, body, reactions).then(shown(caller, () => mergedIds(body))),
  )
  api.on(contract.unmergeLeads, ({ body, caller }) =>
    unmergeLeads(services, caller, body.mergeId, reactions).then(
      shown(caller, ({ winnerId, loserId }) => [winnerId, loserId]),
    ),
  )
  api.on(contract.previewMerge, ({ body, caller }) => previewMerge(db, caller.workspaceId, body))
  api.on(contract.getLead, ({ params, caller }) => getLead(db, caller.workspaceId, params.id))
  api.on(contract.updateLead, ({ params, body, caller }) =>
    updateLead(services, caller, params.id, body).then(shown(caller, ({ id }) => [id])),
  )
  api.on(contract.binLead, ({ params, caller }) =>
    binLead(services, caller, params.id).then(shown(caller, ({ id }) => [id])),
  )
  api.on(contract.restoreLead, ({ params, caller }) =>
    restoreLead(services, caller, params.id).then(shown(caller, ({ id }) => [id])),
  )
  api.on(contract.getTimeline, ({ params, query, caller }) =>
    getTimeline(services, caller.workspaceId, params.id, query),
  )
  api.on(contract.listNotes, ({ params, caller }) => listNotes(db, caller.workspaceId, params.id))
  api.on(contract.addNote, ({ params, body, caller }) => addNote(services, caller, params.id, body.body))
  api.on(contract.removeNote, async ({ params, caller }) => {
    await removeNote(services, caller, params.id, params.noteId)
    return { removed: true as const }
  })
  api.on(contract.listConsent, ({ params, caller }) => listConsent(db, caller.workspaceId, params.id))
  api.on(contract.setConsent, ({ params, body, caller }) =>
    setConsent(services, caller, params.id, body).then(shown(caller, () => [params.id])),
  )
}
