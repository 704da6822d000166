// Confirming an address by the link of a mail: only then do the consents of its submission count.
import type { Origin } from '../ingest/contract.ts'
import type { Door } from '../ingest/index.ts'
import { idSchema, newId } from '../lib/ids.ts'
import type { World } from './editing.ts'
import { confirmationRow } from './message.ts'
import type { FormDefinition } from './nouns.ts'
import { readConfirmation, saveConfirmed } from './store/confirmations.ts'
import type { ConfirmationRow } from './store/confirmations.ts'
import { countOutcome, readPublicForm, readVersion } from './store/forms.ts'
import { isLinkSigned, keyedHash, linkSignature } from './ticket.ts'

const LINK_MS = 7 * 86_400_000

/** Where the mail leads. */
export function confirmationLink(
  secretKey: Uint8Array,
  { id, formId, origin }: Pick<ConfirmationRow, 'id' | 'formId' | 'origin'>,
): string {
  return `${origin}/f/${formId}/confirm?c=${id}.${linkSignature(secretKey, id)}`
}

export type OpenedLink =
  | { kind: 'missing' }
  /** it was changed, or its time is over */
  | { kind: 'over'; definition: FormDefinition }
  | { kind: 'asks'; definition: FormDefinition; wordings: string[] }
  | { kind: 'confirmed'; definition: FormDefinition }

/** What a link is about; changes nothing. */
export async function openLink(world: World, formId: string, code: string): Promise<OpenedLink> {
  const found = await findConfirmation(world, formId, code)
  if (found.kind !== 'found') return found
  const { confirmation, definition } = found
  if (confirmation.confirmedAt) return { kind: 'confirmed', definition }
  return { kind: 'asks', definition, wordings: confirmation.consents.map(({ wording }) => wording) }
}

/** Confirms: resolves after the consents are in the inbox. A second time changes nothing. */
export async function confirmAddress(
  world: World,
  door: Door,
  { formId, code, address }: { formId: string; code: string; address: string },
): Promise<OpenedLink> {
  const found = await findConfirmation(world, formId, code)
  if (found.kind !== 'found') return found
  const { confirmation, definition, form } = found
  if (confirmation.confirmedAt) return { kind: 'confirmed', definition }
  const now = world.clock()
  const consents: NonNullable<Origin['consents']> = confirmation.consents.map(({ purpose, wording }) => ({
    purpose,
    state: 'granted',
    proof: {
      form: form.name,
      formId,
      formVersion: confirmation.formVersion,
      wording,
      page: confirmation.pageUrl,
      submittedAt: confirmation.submittedAt.toISOString(),
      submittedIpHash: confirmation.ipHash,
      confirmedAt: now.toISOString(),
      confirmedIpHash: keyedHash(world.secretKey, 'address', confirmation.workspaceId, address),
      method: 'double opt-in by mail',
    },
  }))
  const { id, email, anonymousId } = confirmation
  await door.accept([confirmationRow(form, { id, email, anonymousId, consents }, { id: newId(), now })])
  if (await saveConfirmed(world.db, id, now)) await countOutcome(world.db, form, 'confirmed', now)
  return { kind: 'confirmed', definition }
}

async function findConfirmation(world: World, formId: string, code: string) {
  const form = await readPublicForm(world.db, formId)
  if (!form) return { kind: 'missing' as const }
  const [id = '', signature = ''] = code.split('.')
  const isOurs = idSchema.safeParse(id).success && isLinkSigned(world.secretKey, id, signature)
  const confirmation = isOurs ? await readConfirmation(world.db, id) : undefined
  const isOver =
    confirmation?.formId !== formId ||
    (confirmation.confirmedAt === null &&
      world.clock().getTime() - confirmation.submittedAt.getTime() > LINK_MS)
  if (isOver) return { kind: 'over' as const, definition: form.definition }
  const { workspaceId, formVersion } = confirmation
  const definition =
    (await readVersion(world.db, { workspaceId, formId, version: formVersion })) ?? form.definition
  return { kind: 'found' as const, confirmation, definition, form }
}
