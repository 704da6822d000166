// The verb of a buyer's worth: the history and the prediction of one lead, with its intervals and its fit.
import { findLead } from '../../../leads/index.ts'
import type { Services } from '../../../platform/services.ts'
import { readPlace, readStates } from '../../history/index.ts'
import { queueFit } from '../jobs.ts'
import { dayOf } from '../orders.ts'
import type { JourneyState } from '../state.ts'
import { readModel } from '../store.ts'
import type { Worth } from './contract.ts'
import { worthOf } from './worth.ts'

/** What a lead is worth as of now. Where nothing was learned of the workspace yet, that is begun. */
export async function readWorth(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  understandNow: (workspaceId: string, leadIds: string[]) => Promise<boolean>,
  workspaceId: string,
  id: string,
): Promise<Worth> {
  const leadId = await findLead(db, workspaceId, id)
  const [stored, { timeZone, currency }] = await Promise.all([
    readModel(db, workspaceId),
    readPlace(db, workspaceId),
  ])
  if (!stored) await queueFit(db, workspaceId)
  const read = async () => (await readStates(db, workspaceId, [leadId])).get(leadId)
  const state = (await read()) ?? ((await understandNow(workspaceId, [leadId])) ? await read() : undefined)
  const now = clock()
  return {
    leadId,
    asOf: now.toISOString(),
    currency,
    ...worthOf(
      (state?.details.journey as JourneyState | undefined) ?? null,
      stored ?? null,
      dayOf(now.getTime(), timeZone),
    ),
  }
}
