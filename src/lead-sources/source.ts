// A source of leads: its connector, and what a vendor tells of it as it is kept. Pure.
import { connectorOf } from '../connectors/index.ts'
import type { ConnectionRow, Connector, LeadNotice, LeadSource } from '../connectors/index.ts'
import { anonymousIdOf } from './message.ts'
import type { Told } from './store/caught.ts'
import type { SourceId } from './store/states.ts'

/** A notice as it is kept. */
export function toldOf(
  { id, workspaceId, connector }: Pick<ConnectionRow, 'id' | 'workspaceId' | 'connector'>,
  notice: LeadNotice,
  toldBy: Told['toldBy'],
): Told {
  return {
    workspaceId,
    connectionId: id,
    source: connector,
    vendorLeadId: notice.leadId,
    formId: notice.formId,
    toldBy,
    anonymousId: anonymousIdOf(id, notice.leadId),
    lead: notice.lead ?? null,
    submittedAt: notice.at === null ? null : new Date(notice.at),
    isWithdrawn: notice.act === 'withdrawn',
  }
}

/** The source that a connector is; throws where it is none, which no address of ours leads to. */
export function sourceOf(connectorId: string): Connector & { leads: LeadSource } {
  const connector = connectorOf(connectorId)
  if (!connector?.leads) throw new Error(`${connectorId} is no source of leads`)
  return { ...connector, leads: connector.leads }
}

export function idOf({ id, workspaceId }: Pick<ConnectionRow, 'id' | 'workspaceId'>): SourceId {
  return { connectionId: id, workspaceId }
}
