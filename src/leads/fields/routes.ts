// Serves custom fields over HTTP.
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as change from './change.ts'
import type { FieldReactions } from './change.ts'
import * as contract from './contract.ts'
import * as preview from './preview.ts'
import { archiveField, countFields, createField, listFields, renameField } from './index.ts'

/** @param reactions who acts on a merge beyond leads */
export function fieldRoutes(api: Api, services: Services, reactions: FieldReactions): void {
  const { db } = services
  api.on(contract.listFields, ({ caller }) => listFields(db, caller))
  api.on(contract.countFields, ({ caller }) => countFields(services, caller.workspaceId))
  api.on(contract.createField, ({ body, caller }) => createField(services, caller, body))
  api.on(contract.renameField, ({ params, body, caller }) =>
    renameField(services, caller, params.key, body.label),
  )
  api.on(contract.archiveField, ({ params, caller }) => archiveField(services, caller, params.key, true))
  api.on(contract.restoreField, ({ params, caller }) => archiveField(services, caller, params.key, false))
  api.on(contract.previewFieldType, ({ params, body, caller }) =>
    preview.previewFieldType(services, caller, params.key, body),
  )
  api.on(contract.changeFieldType, ({ params, body, caller }) =>
    change.changeFieldType(services, caller, params.key, body),
  )
  api.on(contract.previewFieldMerge, ({ params, body, caller }) =>
    preview.previewFieldMerge(services, caller, params.key, body.into),
  )
  api.on(contract.mergeFields, ({ params, body, caller }) =>
    change.mergeFields(services, caller, params.key, body, reactions),
  )
  api.on(contract.previewFieldRemoval, ({ params, caller }) =>
    preview.previewFieldRemoval(services, caller, params.key),
  )
  api.on(contract.removeField, ({ params, body, caller }) =>
    change.removeField(services, caller, params.key, body.expected),
  )
  api.on(contract.listFieldJobs, ({ caller }) => change.listFieldJobs(db, caller.workspaceId))
  api.on(contract.cancelFieldJob, ({ params, caller }) => change.cancelFieldJob(services, caller, params.id))
  api.on(contract.retryFieldJob, ({ params, caller }) => change.retryFieldJob(services, caller, params.id))
}
