// Undoes what came of a lead that its person took back: who is known through it alone is erased, of others its consents are taken back.
import { findWorkspace } from '../accounts/index.ts'
import { openDoor } from '../ingest/index.ts'
import { eraseLead } from '../leads/index.ts'
import type { LeadReactions } from '../leads/index.ts'
import type { Services } from '../platform/services.ts'
import { withdrawalOf } from './message.ts'
import { inboxRow } from './reading.ts'
import { noteUndone, readCaught, readGivenPurposes, readWhose } from './store/caught.ts'

/** The inbox is waited for this long. */
const WAIT_MS = 24 * 3_600_000

/** Throws while the inbox has not come to the lead, so that it is tried again. */
export async function undoLead(
  services: Services,
  reactions: LeadReactions,
  workspaceId: string,
  caughtId: string,
): Promise<void> {
  const { db, clock } = services
  const caught = await readCaught(db, workspaceId, caughtId)
  if (!caught) return
  const whose = await readWhose(db, caught)
  const now = clock()
  if (!whose) {
    // Dropped or parked on its way: there is nothing that came of it.
    if (now.getTime() - caught.toldAt.getTime() > WAIT_MS) return
    throw new Error('the inbox has not come to this lead yet')
  }
  if (!whose.isKnownOtherwise) {
    const workspace = await findWorkspace(db, workspaceId)
    const caller = {
      actor: 'product',
      userId: undefined,
      role: 'owner',
      workspaceId: workspace.id,
      teamId: workspace.teamId,
    }
    await eraseLead(services, caller, whose.leadId, reactions)
    await noteUndone(db, caught, 'The person was known through this lead alone, and is erased.')
    return
  }
  const purposes = await readGivenPurposes(db, workspaceId, whose.leadId, caught.vendorLeadId)
  if (purposes.length > 0) {
    const message = withdrawalOf({ ...caught, purposes }, now)
    await openDoor(db).accept([inboxRow({ ...caught, toldBy: 'webhook' }, message, now)])
  }
  await noteUndone(
    db,
    caught,
    'The person is known otherwise too: the record stays, and what its form had allowed is taken back.',
  )
}
