// Taking a submission: whoever sent it is checked first, then the answers, then it goes into the inbox, once.
import { erasedAmong } from '../identity/index.ts'
import type { Origin } from '../ingest/contract.ts'
import type { Door } from '../ingest/index.ts'
import { normaliseEmail } from '../lib/email.ts'
import { newId } from '../lib/ids.ts'
import { inTransaction } from '../platform/postgres.ts'
import { readAnswers, typedAnswers } from './answers.ts'
import type { Answers, Posted } from './answers.ts'
import type { World } from './editing.ts'
import { queueConfirmation } from './jobs.ts'
import { submissionId, submissionRow, visitOf, visitorOf } from './message.ts'
import type { FormPlace, Visit } from './message.ts'
import type { FormDefinition, RefusalReason } from './nouns.ts'
import { controlNames } from './render.ts'
import { countOutcome, countUse, readPublicForm } from './store/forms.ts'
import type { FormRow } from './store/forms.ts'
import { isWorkDone, keyedHash, makeTicket, readTicket } from './ticket.ts'
import { formWords } from './words.ts'
import type { FormWords } from './words.ts'

/** What the request tells beside what was posted. */
export interface Sender {
  address: string
  userAgent: string
  locale: string
  /** the page that it came from, as the browser's header says; the hosted page where it says nothing */
  pageUrl: string
  country?: Pick<Origin, 'country' | 'countrySource'>
}

export type Taken =
  | { kind: 'missing' }
  | { kind: 'closed'; definition: FormDefinition }
  | { kind: 'taken'; definition: FormDefinition; needsConfirmation: boolean }
  | {
      kind: 'refused'
      definition: FormDefinition
      reason: RefusalReason
      /** in the form's language */
      sentence: string
      problems: Record<string, string>
      /** as typed, to be shown again */
      answers: Record<string, string[]>
    }

/** A form as it is shown now; undefined where there is none, `isOpen` false where it takes nothing more. */
export async function showForm(
  world: World,
  id: string,
): Promise<{ definition: FormDefinition; isOpen: boolean; ticket: string } | undefined> {
  const form = await readPublicForm(world.db, id)
  if (!form) return undefined
  return {
    definition: form.definition,
    isOpen: form.archivedAt === null,
    ticket: makeTicket(world.secretKey, form.id, newId(), world.clock()),
  }
}

/** Counts that somebody saw a form. */
export async function countView(world: World, id: string): Promise<void> {
  const form = await readPublicForm(world.db, id)
  if (form?.archivedAt === null) await countOutcome(world.db, form, 'viewed', world.clock())
}

/**
 * Takes what was posted to a form. It resolves after the commit that keeps the submission; what is refused is counted with its
 * reason and kept nowhere.
 */
export async function submitForm(
  world: World,
  door: Door,
  { id, posted, sender }: { id: string; posted: Posted; sender: Sender },
): Promise<Taken> {
  const form = await readPublicForm(world.db, id)
  if (!form) return { kind: 'missing' }
  const { definition } = form
  if (form.archivedAt !== null) return { kind: 'closed', definition }
  const now = world.clock()
  const refuse = async (reason: RefusalReason, problems: Record<string, string> = {}): Promise<Taken> => {
    await countOutcome(world.db, form, reason, now)
    const sentence = formWords[definition.language][SENTENCES[reason]]
    return {
      kind: 'refused',
      definition,
      reason,
      sentence,
      problems,
      answers: typedAnswers(definition, posted),
    }
  }
  const passed = await checkSender(world, form, posted, sender, now)
  if ('refused' in passed) return refuse(passed.refused)
  const read = readAnswers(definition, posted)
  if ('problems' in read) return refuse('answers_wrong', read.problems)
  const { answers } = read
  const visit = visitOf(posted, sender)
  const needsConfirmation = definition.isDoubleOptIn && answers.email !== null && answers.consents.length > 0
  const sent = { nonce: passed.nonce, answers, visit, country: sender.country }
  const ipHash = keyedHash(world.secretKey, 'address', form.workspaceId, sender.address)
  const consents = needsConfirmation ? [] : consentsOf(form, sent, ipHash, now)
  await door.accept([submissionRow(form, { ...sent, consents }, { id: newId(), now })])
  if (needsConfirmation) await askToConfirm(world, form, { ...sent, ipHash })
  await countOutcome(world.db, form, 'submitted', now)
  return { kind: 'taken', definition, needsConfirmation }
}

/** Sends of one shown form: the first, and corrections after going back. */
const TICKET_USES = 5
const ADDRESS_WINDOW_MS = 600_000
/** Mails that one mailbox gets from a form in a day, whoever fills it in. */
const MAILBOX_MAILS = 3
const DAY_MS = 86_400_000

async function checkSender(
  world: World,
  form: FormRow,
  posted: Posted,
  sender: Sender,
  now: Date,
): Promise<{ nonce: string } | { refused: RefusalReason }> {
  const { protection } = form.definition
  const later = (ms: number) => new Date(now.getTime() + ms)
  const address = keyedHash(world.secretKey, 'rate', form.workspaceId, sender.address)
  const sends = await countUse(
    world.db,
    form,
    { kind: 'address', name: address, expiresAt: later(ADDRESS_WINDOW_MS) },
    now,
  )
  if (sends > protection.perAddress) return { refused: 'address_busy' }
  if ((posted[controlNames.trap] ?? []).some((value) => value !== '')) return { refused: 'trap_filled' }
  const given = posted[controlNames.ticket]?.[0] ?? ''
  const ticket = readTicket(world.secretKey, form.id, given, now)
  if ('refused' in ticket) return ticket
  if (now.getTime() - ticket.shownAt.getTime() < protection.minSeconds * 1000)
    return { refused: 'sent_too_fast' }
  if (protection.hasWork && !isWorkDone(given, posted[controlNames.work]?.[0] ?? ''))
    return { refused: 'work_missing' }
  const uses = await countUse(
    world.db,
    form,
    { kind: 'ticket', name: ticket.nonce, expiresAt: later(2 * DAY_MS) },
    now,
  )
  return uses > TICKET_USES ? { refused: 'ticket_worn' } : { nonce: ticket.nonce }
}

const SENTENCES: Record<RefusalReason, keyof FormWords> = {
  trap_filled: 'trap',
  sent_too_fast: 'tooFast',
  ticket_invalid: 'expired',
  ticket_expired: 'expired',
  ticket_worn: 'worn',
  work_missing: 'work',
  address_busy: 'busy',
  answers_wrong: 'wrong',
}

function consentsOf(
  form: FormPlace,
  { answers, visit }: { answers: Answers; visit: Visit },
  ipHash: string,
  now: Date,
): NonNullable<Origin['consents']> {
  return answers.consents.map(({ purpose, wording }) => ({
    purpose,
    state: 'granted',
    proof: {
      form: form.name,
      formId: form.id,
      formVersion: form.version,
      wording,
      page: visit.pageUrl,
      submittedAt: now.toISOString(),
      ipHash,
    },
  }))
}

async function askToConfirm(
  world: World,
  form: FormRow,
  sent: { nonce: string; answers: Answers; visit: Visit; ipHash: string },
): Promise<void> {
  const { answers, visit, nonce } = sent
  const email = answers.email ?? ''
  const now = world.clock()
  const read = normaliseEmail(email)
  const matchKey = 'matchKey' in read ? read.matchKey : email
  await inTransaction(world.db, async (tx) => {
    // Who asked to be erased hears nothing more, whoever types the address.
    const claims = {
      workspaceId: form.workspaceId,
      email: matchKey,
      mayMerge: false,
      at: now,
      source: 'form',
    }
    if ((await erasedAmong(tx, [claims]))[0]) return
    const id = newId()
    const name = keyedHash(world.secretKey, 'mailbox', form.workspaceId, matchKey)
    await queueConfirmation(tx, {
      id,
      workspaceId: form.workspaceId,
      formId: form.id,
      formVersion: form.version,
      submission: submissionId(nonce, answers),
      email,
      anonymousId: visitorOf(visit, nonce),
      consents: answers.consents,
      pageUrl: visit.pageUrl,
      // Not as this request names it: whoever sends it could name a server of theirs.
      origin: world.settings.publicUrl ?? form.origin,
      ipHash: sent.ipHash,
      submittedAt: now,
      hasRoom: async () =>
        (await countUse(
          tx,
          form,
          { kind: 'mailbox', name, expiresAt: new Date(now.getTime() + DAY_MS) },
          now,
        )) <= MAILBOX_MAILS,
    })
  })
}
