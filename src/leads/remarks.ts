// What members add to a lead without changing it: notes, and acts of consent with their proof.
import { record } from '../accounts/index.ts'
import { logEvents } from '../events/index.ts'
import { leadFamily } from '../identity/index.ts'
import type { BodyOf, ReplyOf } from '../lib/endpoint.ts'
import { newId } from '../lib/ids.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import type { Caller } from '../platform/server.ts'
import type { addNote as noteEndpoint, setConsent as consentEndpoint } from './contract.ts'
import { deedEvent, doDeed, lockLead, sourceOf } from './deed.ts'
import type { World } from './deed.ts'
import { writePeople } from './people.ts'
import { presentConsent, presentNote } from './presenter.ts'
import { deleteNote, insertNote } from './store.ts'
import { consentRecord, readConsentHistory, writeConsents } from './store/consents.ts'

/** Writes a note. */
export async function addNote(
  world: World,
  caller: Caller,
  id: string,
  body: BodyOf<typeof noteEndpoint>['body'],
): Promise<ReplyOf<typeof noteEndpoint>> {
  return doDeed(world, caller, async (deed) => {
    const lead = await lockLead(deed, id)
    const note = { id: newId(), author: caller.actor, body, createdAt: deed.now }
    await insertNote(deed.tx, caller.workspaceId, lead.id, note)
    await logEvents(deed.tx, [deedEvent(deed, lead.id, 'note_added', { noteId: note.id })])
    return presentNote(note)
  })
}

/** Removes a note; the audit log keeps that there was one, and not what it said. */
export async function removeNote(world: World, caller: Caller, id: string, noteId: string): Promise<void> {
  await doDeed(world, caller, async (deed) => {
    const lead = await lockLead(deed, id)
    const family = await leadFamily(deed.tx, caller.workspaceId, lead.id)
    if (!(await deleteNote(deed.tx, caller.workspaceId, family, noteId))) throw missing('note', noteId)
    await record(deed.tx, { caller, action: 'note_removed', subject: `lead:${lead.id}`, before: { noteId } })
  })
}

/**
 * Records what a person agreed to or refused. The newest act stands; an older one, or the same again, is kept as evidence.
 */
export async function setConsent(
  world: World,
  caller: Caller,
  id: string,
  body: BodyOf<typeof consentEndpoint>,
): Promise<ReplyOf<typeof consentEndpoint>> {
  return doDeed(world, caller, async (deed) => {
    const { tx, now } = deed
    const lead = await lockLead(deed, id)
    const actedAt = body.actedAt === undefined ? now : new Date(body.actedAt)
    if (actedAt > now) {
      throw new Refusal(
        'act_in_future',
        400,
        'The person cannot have said so in the future; give the instant when they did.',
      )
    }
    const act = {
      purpose: body.purpose,
      state: body.state,
      actedAt: actedAt.toISOString(),
      source: sourceOf(caller),
      proof: { statement: body.proof },
    }
    const saying = { leadId: lead.id, workspaceId: caller.workspaceId, consents: [act] }
    const report = await writePeople(
      tx,
      { newLeads: [], becameKnown: [], merges: [], sayings: [saying], actor: caller.actor },
      now,
    )
    await logEvents(tx, report.events)
    const [newest] = await readConsentHistory(tx, caller.workspaceId, [lead.id])
    const isKept = newest?.recordedAt === now.toISOString() && newest.purpose === act.purpose
    const entry = isKept
      ? newest
      : consentRecord({
          ...act,
          recordedAt: now.toISOString(),
          workspaceId: caller.workspaceId,
          leadId: lead.id,
          actor: caller.actor,
          tookEffect: false,
        })
    if (!isKept) await writeConsents(tx, [entry])
    return presentConsent(entry)
  })
}
