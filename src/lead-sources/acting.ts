// What a person does with a source: has it listen, syncs it, tests it, and looks at what it caught.
import { record } from '../accounts/index.ts'
import { openWire } from '../connectors/index.ts'
import { presentLeads } from '../leads/index.ts'
import type { QueryOf, ReplyOf } from '../lib/endpoint.ts'
import { Refusal } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import { connectionsOf, findSource, formsOf } from './asking.ts'
import type * as contract from './contract.ts'
import { queueCatchUp, queueReading } from './jobs.ts'
import { listen } from './listening.ts'
import { idOf, sourceOf } from './source.ts'
import { listCaught, readCaught, reviveCaught } from './store/caught.ts'

/** Asks the vendor to tell of leads, and for those left before. */
export async function startListening(
  services: Services,
  caller: Caller,
  connectionId: string,
  origin: string,
): Promise<ReplyOf<typeof contract.startListening>> {
  const connection = await findSource(services, caller.workspaceId, connectionId)
  const said = await listen(services, idOf(connection), origin)
  await inTransaction(services.db, async (tx) => {
    await record(tx, { caller, action: 'lead_source_listening', subject: `connection:${connectionId}` })
    if (sourceOf(connection.connector).leads.catchUp) await queueCatchUp(tx, idOf(connection))
  })
  return said
}

/** Asks vendors for leads that they did not tell of, and tries those again that failed. */
export async function syncNow(
  services: Services,
  workspaceId: string,
  which: { connectionId?: string; connector?: string },
): Promise<ReplyOf<typeof contract.syncLeads>> {
  const wanted = await connectionsOf(services, workspaceId, which)
  return inTransaction(services.db, async (tx) => {
    let revived = 0
    for (const connection of wanted) {
      const again = await reviveCaught(tx, workspaceId, { connectionId: connection.id }, services.clock())
      revived += again.length
      if (again.length > 0) await queueReading(tx, idOf(connection))
      if (sourceOf(connection.connector).leads.catchUp) await queueCatchUp(tx, idOf(connection))
    }
    return { connectionIds: wanted.map(({ id }) => id), revived }
  })
}

/** Has the vendor make a test lead; where it cannot, says how a person makes one there. */
export async function sendTest(
  services: Services,
  workspaceId: string,
  connectionId: string,
  formId: string | undefined,
): Promise<ReplyOf<typeof contract.sendTestLead>> {
  const connection = await findSource(services, workspaceId, connectionId)
  const { leads, name } = sourceOf(connection.connector)
  const { sendTest: ask } = leads
  if (!ask) return { leadId: null, words: leads.testHow }
  const chosen = formId ?? (await formsOf(services, connection)).find(({ isOpen }) => isOpen)?.id
  if (chosen === undefined)
    throw new Refusal('form_missing', 409, `${name} has no form that is open. Make one there first.`)
  const wire = await openWire(services, workspaceId, connectionId)
  const asked = await wire.run((link) => ask(chosen, link))
  await wire.flush()
  if (asked.kind !== 'answered')
    throw new Refusal(
      'vendor_refused',
      502,
      `${name} made no test lead: ${wire.hide(asked.words).slice(0, 500)}`,
    )
  return { leadId: asked.value, words: `${leads.testHow} It is marked as a test, and made no lead.` }
}

/** Leads that vendors told of, and what became of each. */
export async function listCaughtLeads(
  { db }: Services,
  workspaceId: string,
  asked: QueryOf<typeof contract.listCaughtLeads>,
): Promise<ReplyOf<typeof contract.listCaughtLeads>> {
  const found = await listCaught(db, workspaceId, {
    connectionId: asked.connectionId,
    status: asked.status,
    before: asked.cursor,
    limit: asked.limit + 1,
  })
  const shown = found.slice(0, asked.limit)
  const people = await presentLeads(
    db,
    workspaceId,
    shown.flatMap(({ leadId }) => leadId ?? []),
  )
  return {
    items: shown.map((row) => ({
      id: row.id,
      connectionId: row.connectionId,
      source: row.source,
      vendorLeadId: row.vendorLeadId,
      formId: row.formId,
      formName: row.formName,
      campaign: row.campaign,
      status: row.status,
      toldBy: row.toldBy,
      toldAt: row.toldAt.toISOString(),
      submittedAt: row.submittedAt?.toISOString() ?? null,
      settledAt: row.settledAt?.toISOString() ?? null,
      attempts: row.attempts,
      nextAt: row.status === 'waiting' ? row.nextAt.toISOString() : null,
      problem: row.problem,
      quality: row.quality,
      qualityParts: row.qualityParts ?? [],
      leadId: row.leadId,
      leadLabel: people.find(({ id }) => id === row.leadId)?.label ?? null,
    })),
    nextCursor: found.length > shown.length ? (shown.at(-1)?.id ?? null) : null,
  }
}

/** Asks the vendor once more for a lead that failed. */
export async function retryCaught(
  services: Services,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.retryCaughtLead>> {
  return inTransaction(services.db, async (tx) => {
    if (!(await readCaught(tx, workspaceId, id)))
      throw new Refusal(
        'caught_lead_missing',
        404,
        'No source told of such a lead here. Load the list again.',
      )
    const revived = await reviveCaught(tx, workspaceId, { id }, services.clock())
    for (const { connectionId } of revived) await queueReading(tx, { workspaceId, connectionId })
    return { retried: revived.length > 0 }
  })
}
