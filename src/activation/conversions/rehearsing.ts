// An event as it would leave now: its exact requests with secrets hidden, consent, problems and match quality; nothing is sent.
import { workspaceSettings } from '../../accounts/index.ts'
import { showRequests } from '../../connectors/index.ts'
import type { Connector, EventMapping } from '../../connectors/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { Services } from '../../platform/services.ts'
import type { Rehearsal } from './contract.ts'
import type { ConversionItem } from './item.ts'
import { askedPeople, judge } from './judge.ts'
import { readPeople } from './store.ts'

export interface Rehearsed {
  connector: Connector
  settings: Readonly<Record<string, unknown>>
  mappings: readonly EventMapping[]
  item: ConversionItem
  leadId: string | null
}

export async function rehearse(
  services: Services,
  workspaceId: WorkspaceId,
  { connector, settings, mappings, item, leadId }: Rehearsed,
): Promise<{ rehearsal: Rehearsal; payload: Record<string, unknown> | null }> {
  const { db, clock } = services
  const [people, { consentDefaults, mode }] = await Promise.all([
    readPeople(db, workspaceId, askedPeople([{ item, leadId }])),
    workspaceSettings(db, workspaceId),
  ])
  const person = people.get(leadId ?? '') ?? null
  const circumstances = { connector, mappings, settings, consentDefaults, now: clock() }
  const { stop, consent, problems, built, quality } = judge(item, leadId, people, circumstances)
  const said =
    stop &&
    !problems.includes(stop.words) &&
    stop.reason !== 'consent_missing' &&
    stop.reason !== 'rules_broken'
  const rehearsal = {
    eventId: item.event.eventId,
    wouldLeave: stop === null,
    consent,
    problems: said ? [stop.words, ...problems] : problems,
    requests: built
      ? showRequests(connector, settings, (link) => connector.conversions!.send([built.payload], link), {
          isTest: mode === 'test',
          installation: services.settings,
        })
      : [],
    quality,
    leadId: person?.leadId ?? leadId,
  }
  return { rehearsal, payload: built?.payload ?? null }
}
