// The forms of a source, how their answers fill leads, and what that would make of one.
import { record } from '../accounts/index.ts'
import type { BodyOf, ReplyOf } from '../lib/endpoint.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import { askingOf, findSource, formsOf } from './asking.ts'
import type * as contract from './contract.ts'
import type { LeadMapping } from './contract.ts'
import { mapLead, wholeMapping } from './mapping.ts'
import { sampleAnswers } from './sample.ts'
import { idOf, sourceOf } from './source.ts'
import { deleteMapping, mappingOf, readMappings, writeMapping } from './store/mappings.ts'

/** The forms of a source as its vendor shows them now. Throws a Refusal (502) in the vendor's words where it shows none. */
export async function listForms(
  services: Services,
  workspaceId: string,
  connectionId: string,
): Promise<ReplyOf<typeof contract.listLeadForms>> {
  const forms = await formsOf(services, await findSource(services, workspaceId, connectionId))
  const stored = await readMappings(services.db, workspaceId, connectionId)
  return {
    items: forms.map((form) => ({
      ...form,
      connectionId,
      isMapped: stored.some(({ formId }) => formId === form.id),
    })),
  }
}

/** How the answers of a form fill a lead; of no form, how those of all forms do. */
export async function getMapping(
  services: Services,
  workspaceId: string,
  connectionId: string,
  formId: string,
): Promise<ReplyOf<typeof contract.getLeadMapping>> {
  const connection = await findSource(services, workspaceId, connectionId)
  const stored = await readMappings(services.db, workspaceId, connectionId)
  const chosen = mappingOf(stored, formId)
  const asking = await askingOf(services, connection, formId, chosen)
  return {
    formId,
    isOwn: stored.some((one) => one.formId === formId),
    mapping: wholeMapping(sourceOf(connection.connector).leads, asking, chosen),
    ...asking,
  }
}

export async function setMapping(
  services: Services,
  caller: Caller,
  connectionId: string,
  formId: string,
  mapping: LeadMapping,
): Promise<ReplyOf<typeof contract.setLeadMapping>> {
  const connection = await findSource(services, caller.workspaceId, connectionId)
  await inTransaction(services.db, async (tx) => {
    const by = { actor: caller.actor, at: services.clock() }
    await writeMapping(tx, idOf(connection), formId, mapping, by)
    await record(tx, {
      caller,
      action: 'lead_mapping_changed',
      subject: `connection:${connectionId}`,
      after: { formId, ...mapping },
    })
  })
  return getMapping(services, caller.workspaceId, connectionId, formId)
}

export async function resetMapping(
  services: Services,
  caller: Caller,
  connectionId: string,
  formId: string,
): Promise<ReplyOf<typeof contract.resetLeadMapping>> {
  const connection = await findSource(services, caller.workspaceId, connectionId)
  const reset = await inTransaction(services.db, async (tx) => {
    const isGone = await deleteMapping(tx, idOf(connection), formId)
    if (isGone)
      await record(tx, {
        caller,
        action: 'lead_mapping_changed',
        subject: `connection:${connectionId}`,
        after: { formId },
      })
    return isGone
  })
  return { reset }
}

/** What a filled-in form would say of a person; nothing is kept. */
export async function preview(
  services: Services,
  workspaceId: string,
  connectionId: string,
  formId: string,
  asked: BodyOf<typeof contract.previewLead>,
): Promise<ReplyOf<typeof contract.previewLead>> {
  const connection = await findSource(services, workspaceId, connectionId)
  const { leads } = sourceOf(connection.connector)
  const stored = mappingOf(await readMappings(services.db, workspaceId, connectionId), formId)
  const chosen = asked.mapping ?? stored
  const asking = await askingOf(services, connection, formId, chosen)
  const lead = sampleAnswers(leads, asking, asked)
  return { ...mapLead(leads, lead, chosen), isMadeUp: asked.answers === undefined }
}
