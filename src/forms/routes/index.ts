// Serves the editor's endpoints; the public pages are in public.ts.
import type { FindCountry } from '../../events/index.ts'
import type { Door } from '../../ingest/index.ts'
import { mailServer } from '../../platform/mail.ts'
import type { Api } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import * as contract from '../contract.ts'
import {
  createForm,
  duplicateForm,
  formStatistics,
  getForm,
  listForms,
  setArchived,
  updateForm,
} from '../index.ts'
import { originOf, publicRoutes } from './public.ts'

export async function formRoutes(
  api: Api,
  services: Services,
  doors: { door: Door; findCountry: FindCountry | null },
): Promise<void> {
  const origin = originOf(services)
  const hasMail = mailServer(services.settings) !== undefined
  api.on(contract.listForms, async ({ caller, request }) => ({
    items: await listForms(services, caller, origin(request)),
    hasMail,
  }))
  api.on(contract.createForm, ({ body, caller, request }) =>
    createForm(services, caller, body, origin(request)),
  )
  api.on(contract.getForm, async ({ params, caller, request }) => ({
    ...(await getForm(services, caller, params.id, origin(request))),
    hasMail,
  }))
  api.on(contract.updateForm, ({ params, body, caller, request }) =>
    updateForm(services, caller, params.id, body, origin(request)),
  )
  api.on(contract.duplicateForm, ({ params, caller, request }) =>
    duplicateForm(services, caller, params.id, origin(request)),
  )
  api.on(contract.archiveForm, ({ params, caller, request }) =>
    setArchived(services, caller, { id: params.id, isArchived: true }, origin(request)),
  )
  api.on(contract.restoreForm, ({ params, caller, request }) =>
    setArchived(services, caller, { id: params.id, isArchived: false }, origin(request)),
  )
  api.on(contract.formStatistics, ({ params, query, caller }) =>
    formStatistics(services, caller.workspaceId, params.id, query.days),
  )
  await publicRoutes(api, services, doors)
}
