// Finds the connections that are sources of leads, and asks their vendors which forms there are.
import { connectors, openWire, readConnection, readConnections } from '../connectors/index.ts'
import type { ConnectionRow, LeadForm } from '../connectors/index.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import type { LeadMapping } from './contract.ts'
import { sourceOf } from './source.ts'

/** The connections of a workspace to a vendor, or one of them. Throws 404 where there is none, or it is no source of leads. */
export async function connectionsOf(
  { db }: Pick<Services, 'db'>,
  workspaceId: string,
  { connectionId, connector }: { connectionId?: string; connector?: string },
): Promise<ConnectionRow[]> {
  const all = await readConnections(db, workspaceId)
  const found = all.filter(
    (one) =>
      (connectionId === undefined || one.id === connectionId) &&
      (connector === undefined || one.connector === connector) &&
      connectors.some(({ id, leads }) => id === one.connector && leads),
  )
  if (found.length === 0 && connectionId !== undefined) throw missing('connection', connectionId)
  if (found.length === 0)
    throw new Refusal(
      'source_missing',
      404,
      'This source is not connected. Connect it under Integrations first.',
    )
  return found
}

/** One connection. Throws 404 where there is none, or it is no source of leads. */
export async function findSource(
  { db }: Services,
  workspaceId: string,
  connectionId: string,
): Promise<ConnectionRow> {
  const found = await readConnection(db, workspaceId, connectionId)
  if (!found || !connectors.some(({ id, leads }) => id === found.connector && leads))
    throw missing('connection', connectionId)
  return found
}

/** The forms of a source as its vendor shows them. Throws a Refusal (502) in the vendor's words where it shows none. */
export async function formsOf(services: Services, connection: ConnectionRow): Promise<LeadForm[]> {
  const { leads, name } = sourceOf(connection.connector)
  const { forms: ask } = leads
  if (!ask) return []
  const wire = await openWire(services, connection.workspaceId, connection.id)
  const asked = await wire.run((link) => ask(link), 0)
  await wire.flush()
  if (asked.kind === 'answered') return asked.value
  throw new Refusal('vendor_refused', 502, `${name} showed no forms: ${wire.hide(asked.words).slice(0, 500)}`)
}

/** What a form asks, as its vendor shows it; of a vendor that shows no forms, what it names itself and what was mapped. */
export async function askingOf(
  services: Services,
  connection: ConnectionRow,
  formId: string,
  chosen: LeadMapping | null,
): Promise<Pick<LeadForm, 'questions' | 'consents'>> {
  const { leads } = sourceOf(connection.connector)
  const forms = leads.forms ? await formsOf(services, connection) : []
  const wanted = formId === '' ? forms : forms.filter(({ id }) => id === formId)
  if (leads.forms && formId !== '' && wanted.length === 0) throw missing('form', formId)
  const named = leads.forms ? [] : Object.keys(leads.standard).map((key) => ({ key, label: key }))
  const mapped = (chosen?.answers ?? []).map(({ key }) => ({ key, label: key }))
  return {
    questions: onceEach([...wanted.flatMap(({ questions }) => questions), ...named, ...mapped]),
    consents: onceEach([
      ...wanted.flatMap(({ consents }) => consents),
      ...(chosen?.consents ?? []).map(({ key }) => ({ key, words: key })),
    ]),
  }
}

function onceEach<T extends { key: string }>(list: readonly T[]): T[] {
  return [...new Map([...list].reverse().map((one) => [one.key, one])).values()].reverse()
}
