// Decides for each item, in order, whose it is: pure, over the identifiers and leads that were loaded for the batch.
import { blockedIdentifier } from '../lib/identifier-blocklist.ts'
import { clipText } from '../lib/text.ts'
import { EVIDENCE_LIMIT, KIND } from './contract.ts'
import type { Claims, Identified, IdentifierKind, KnownLead } from './contract.ts'

export interface Identifier {
  workspaceId: string
  kind: IdentifierKind
  value: string
  leadId: string
  leadCount: number
}

/** What is known before the batch: identifiers by `identifierKey`, leads by id, and who else shares a value. */
export interface Known {
  identifiers: Map<string, Identifier>
  leads: Map<string, KnownLead>
  /** leads on which a value was seen beside its owner, by `identifierKey` */
  shares: Map<string, string[]>
  /** pairs of leads that a person keeps apart, by `pairKey` */
  apart: Set<string>
}

/** What the batch changes; the store writes it. */
export interface IdentityChanges {
  newLeads: { lead: KnownLead; source: string; at: Date }[]
  /** values that nobody had, each with the lead that had it first: what merges of the batch move is moved with them */
  attached: Identifier[]
  /** values that speak for another lead from now on, in order, or were seen on one more */
  moved: { identifier: Identifier; from: string }[]
  shared: { identifier: Identifier; leadId: string }[]
  merges: { winnerId: string; loserId: string; reason: string; evidence: Record<string, unknown>; at: Date }[]
  proposals: {
    workspaceId: string
    leadA: string
    leadB: string
    reason: string
    evidence: Record<string, unknown>
  }[]
  /** anonymous leads that became known */
  becameKnown: string[]
}

export function identifierKey(workspaceId: string, kind: IdentifierKind, value: string): string {
  return `${workspaceId}|${KIND[kind]}|${value}`
}

/** Names a pair of leads, in either order. */
export function pairKey(one: string, other: string): string {
  return one < other ? `${one}|${other}` : `${other}|${one}`
}

/** An identifier that an item claims; the key is that of `identifierKey`. */
export interface Claimed {
  kind: IdentifierKind
  value: string
  key: string
  /** of an alias: said of the id before as a user's, said of it as a visitor's, or said beside a user's */
  alias?: 'user' | 'visitor' | 'beside_user'
}

/** The identifiers that an item claims and that may be evidence, strongest first. */
export function claimed(claims: Claims): Claimed[] {
  const list: Claimed[] = []
  if (claims.leadId !== undefined) return list
  const { previousId } = claims
  claim(list, claims, 'user_id', claims.userId)
  if (previousId !== claims.userId) claim(list, claims, 'user_id', previousId, 'user')
  claim(list, claims, 'vendor_customer_id', claims.vendorCustomerId)
  claim(list, claims, 'email', claims.email)
  claim(list, claims, 'anonymous_id', previousId, 'visitor')
  claim(
    list,
    claims,
    'anonymous_id',
    claims.anonymousId,
    previousId === undefined ? undefined : 'beside_user',
  )
  claim(list, claims, 'phone', claims.phone)
  return list
}

function claim(
  list: Claimed[],
  claims: Claims,
  kind: IdentifierKind,
  said: string | undefined,
  alias?: Claimed['alias'],
): void {
  if (!said || blockedIdentifier(kind, said) !== null) return
  const value = clipText(said, 300)
  const key = identifierKey(claims.workspaceId, kind, value)
  list.push(alias ? { kind, value, key, alias } : { kind, value, key })
}

// The id before an alias is a user's where one is known by it. Segment's specification lets it be either:
// https://segment.com/docs/connections/spec/alias/
function readAlias(values: Claimed[], known: Known): Claimed[] {
  const isUser = values.some(({ alias, key }) => alias === 'user' && known.identifiers.has(key))
  return values.filter(({ alias }) => alias === undefined || isUser === (alias !== 'visitor'))
}

/**
 * Resolves the items of a batch in their order; an item sees what those before it decided.
 * The rules: a user id, vendor customer id or e-mail finds and joins leads; an anonymous visitor is merged into the person
 * they turn out to be; under a new login the anonymous id goes over and its past stays; two known leads are merged only on
 * the word of a server or an import, else proposed; a phone alone joins only with the same surname or where neither has an
 * e-mail; what was seen on more than ten leads is no evidence. An alias of one user id to another says that both are one
 * person: a server joins them, a browser proposes it. Whom a person keeps apart is neither merged nor proposed.
 * @param claimedBy what each item claims, where the caller has read it already
 * @returns for each item its lead, or null where nothing in it names anybody; and the changes to write
 */
export function resolveBatch(
  items: Claims[],
  known: Known,
  newLeadId: () => string,
  claimedBy: Claimed[][] = items.map(claimed),
): { decided: (Identified | null)[]; changes: IdentityChanges } {
  const changes: IdentityChanges = {
    newLeads: [],
    attached: [],
    moved: [],
    shared: [],
    merges: [],
    proposals: [],
    becameKnown: [],
  }
  const decided = items.map((claims, i) => resolveOne(claims, claimedBy[i]!, known, changes, newLeadId))
  return { decided, changes }
}

/** The lead that an id stands for now, through the merges of this batch. */
export function leadOf(known: Known, id: string): KnownLead | undefined {
  const lead = known.leads.get(id)
  return lead === undefined || lead.id === id ? lead : leadOf(known, lead.id)
}

const STRONG: readonly IdentifierKind[] = ['user_id', 'vendor_customer_id', 'email']

interface Match {
  lead: KnownLead | undefined
  matchedBy: Identified['matchedBy']
  merged: string[]
  proposed?: string
}

function resolveOne(
  claims: Claims,
  claimedValues: Claimed[],
  known: Known,
  changes: IdentityChanges,
  newLeadId: () => string,
): Identified | null {
  if (claims.leadId !== undefined) {
    const named = leadOf(known, claims.leadId)
    return named?.workspaceId === claims.workspaceId
      ? { leadId: named.id, created: false, matchedBy: 'named', merged: [] }
      : null
  }
  let values = claims.previousId === undefined ? claimedValues : readAlias(claimedValues, known)
  let match: Match = { lead: undefined, matchedBy: 'created', merged: [] }
  let before: Claimed | undefined
  if (values.some(({ key }) => known.identifiers.has(key))) {
    values = values.filter(({ key }) => (known.identifiers.get(key)?.leadCount ?? 0) <= EVIDENCE_LIMIT)
    if (!claims.mayMerge) {
      before = values.find(({ alias }) => alias === 'user')
      values = values.filter((entry) => entry !== before)
    }
    match = matchOne(claims, values, known, changes)
  }
  if (values.length === 0) return null
  const created = match.lead === undefined
  const lead = match.lead ?? newLead(claims, known, changes, newLeadId)
  let isKnown = lead.isKnown
  for (const entry of values) {
    attach(lead, claims.workspaceId, entry, known, changes)
    if (entry.kind === 'email') lead.hasEmail = true
    if (entry.kind === 'user_id') lead.userIds++
    if (entry.kind !== 'anonymous_id') isKnown = true
  }
  const formerLead = before && leadOf(known, known.identifiers.get(before.key)!.leadId)
  if (
    before &&
    formerLead &&
    formerLead.id !== lead.id &&
    !known.apart.has(pairKey(lead.id, formerLead.id))
  ) {
    const evidence = { kind: before.kind, value: before.value, with: 'user_id' }
    propose(claims.workspaceId, lead.id, formerLead.id, 'alias', evidence, changes)
    match.proposed = formerLead.id
  }
  if (claims.surname && lead.surname === null) lead.surname = claims.surname
  if (isKnown && !lead.isKnown) {
    lead.isKnown = true
    if (!created) changes.becameKnown.push(lead.id)
  }
  const { matchedBy, merged, proposed } = match
  return proposed
    ? { leadId: lead.id, created, matchedBy, merged, proposed }
    : { leadId: lead.id, created, matchedBy, merged }
}

function newLead(claims: Claims, known: Known, changes: IdentityChanges, newLeadId: () => string): KnownLead {
  const lead: KnownLead = {
    id: newLeadId(),
    workspaceId: claims.workspaceId,
    isKnown: false,
    isBinned: false,
    hasEmail: false,
    surname: claims.surname ?? null,
    userIds: 0,
    createdAt: claims.at,
  }
  known.leads.set(lead.id, lead)
  changes.newLeads.push({ lead, source: claims.source, at: claims.at })
  return lead
}

// The lead that what is known already points to, with the merges and proposals that this causes; none where it is a new one.
function matchOne(claims: Claims, values: Claimed[], known: Known, changes: IdentityChanges): Match {
  const find = (kind: IdentifierKind): Identifier | undefined => {
    const value = values.find((entry) => entry.kind === kind)
    return value && known.identifiers.get(value.key)
  }
  const strong = values.flatMap(({ kind, key, alias }) => {
    const identifier = STRONG.includes(kind) ? known.identifiers.get(key) : undefined
    return identifier ? { ...identifier, said: alias === 'user' ? 'alias' : `same ${kind}` } : []
  })
  const anonymous = find('anonymous_id')
  const anonymousLead = anonymous && leadOf(known, anonymous.leadId)
  const hasStrongClaim = values.some((entry) => STRONG.includes(entry.kind))
  const match: Match = { lead: undefined, matchedBy: 'created', merged: [] }
  const joinVisitor = (lead: KnownLead) => {
    if (!anonymous || !anonymousLead || anonymousLead.id === lead.id || anonymousLead.isKnown) return
    if (known.apart.has(pairKey(lead.id, anonymousLead.id))) return
    const evidence = { kind: 'anonymous_id', value: anonymous.value }
    merge(lead, anonymousLead, 'same anonymous_id', evidence, claims.at, known, changes)
    match.merged.push(anonymousLead.id)
  }

  if (strong.length > 0) {
    match.matchedBy = strong[0]!.kind
    let lead = leadOf(known, strong[0]!.leadId)
    for (const other of strong.slice(1)) {
      const otherLead = leadOf(known, other.leadId)
      if (!lead || !otherLead || otherLead.id === lead.id) continue
      if (known.apart.has(pairKey(lead.id, otherLead.id))) continue
      const evidence = { kind: other.kind, value: other.value, with: match.matchedBy }
      if (claims.mayMerge) {
        const pair = [lead.id, otherLead.id]
        lead = merge(lead, otherLead, other.said, evidence, claims.at, known, changes)
        match.merged.push(...pair.filter((id) => id !== lead?.id))
      } else {
        propose(claims.workspaceId, lead.id, otherLead.id, other.said, evidence, changes)
        match.proposed = otherLead.id
      }
    }
    if (lead) joinVisitor(lead)
    match.lead = lead
  } else if (anonymousLead && (!hasStrongClaim || maySpeakFor(claims, anonymousLead))) {
    match.lead = anonymousLead
    match.matchedBy = 'anonymous_id'
  }
  if (!match.lead) {
    match.lead = phoneMatch(claims, values, known)
    match.matchedBy = match.lead ? 'phone' : 'created'
    if (match.lead) joinVisitor(match.lead)
  }
  return match
}

// New strong identifiers on a visitor's own anonymous id: theirs while the lead is nobody yet, or where they add a kind it
// lacks; another login than the one it has is another person.
function maySpeakFor(claims: Claims, lead: KnownLead): boolean {
  if (!lead.isKnown) return true
  if (claims.userId && lead.userIds > 0) return false
  if (claims.email && lead.hasEmail) return false
  return true
}

function phoneMatch(claims: Claims, values: Claimed[], known: Known): KnownLead | undefined {
  const phone = values.find((entry) => entry.kind === 'phone')
  if (!phone) return undefined
  const { key } = phone
  const owner = known.identifiers.get(key)
  if (!owner) return undefined
  for (const id of [owner.leadId, ...(known.shares.get(key) ?? [])]) {
    const lead = leadOf(known, id)
    if (!lead) continue
    const sameSurname = claims.surname !== undefined && lead.surname === claims.surname
    if (sameSurname || (!lead.hasEmail && !claims.email)) return lead
  }
  return undefined
}

function attach(
  lead: KnownLead,
  workspaceId: string,
  { kind, value, key }: Claimed,
  known: Known,
  changes: IdentityChanges,
): void {
  const existing = known.identifiers.get(key)
  if (!existing) {
    const identifier = { workspaceId, kind, value, leadId: lead.id, leadCount: 1 }
    known.identifiers.set(key, identifier)
    changes.attached.push({ ...identifier })
    return
  }
  if (existing.leadId === lead.id) return
  const shares = known.shares.get(key) ?? []
  if (kind === 'anonymous_id') {
    const from = existing.leadId
    existing.leadId = lead.id
    if (!shares.includes(lead.id)) existing.leadCount++
    known.shares.set(key, [...new Set([...shares, from, lead.id])])
    changes.moved.push({ identifier: { ...existing }, from })
  } else {
    if (shares.includes(lead.id)) return
    known.shares.set(key, [...shares, lead.id])
    existing.leadCount++
    changes.shared.push({ identifier: existing, leadId: lead.id })
  }
}

// The older known lead wins, so that its id, which others may hold, stays.
function merge(
  a: KnownLead,
  b: KnownLead,
  reason: string,
  evidence: Record<string, unknown>,
  at: Date,
  known: Known,
  changes: IdentityChanges,
): KnownLead {
  const [winner, loser] = winnerFirst(a, b)
  winner.hasEmail ||= loser.hasEmail
  winner.userIds += loser.userIds
  winner.surname ??= loser.surname
  for (const identifier of known.identifiers.values()) {
    if (identifier.leadId === loser.id) identifier.leadId = winner.id
  }
  known.leads.set(loser.id, winner)
  for (const pair of known.apart) {
    const [one = '', other = ''] = pair.split('|')
    if (one === loser.id) known.apart.add(pairKey(winner.id, other))
    if (other === loser.id) known.apart.add(pairKey(winner.id, one))
  }
  changes.merges.push({ winnerId: winner.id, loserId: loser.id, reason, evidence, at })
  return winner
}

/** Which of two leads a merge keeps: the known one, then the one that is not in the bin, then the older, then the smaller id. */
export function winnerFirst<L extends Pick<KnownLead, 'id' | 'isKnown' | 'isBinned' | 'createdAt'>>(
  a: L,
  b: L,
): [L, L] {
  if (a.isKnown !== b.isKnown) return a.isKnown ? [a, b] : [b, a]
  if (a.isBinned !== b.isBinned) return b.isBinned ? [a, b] : [b, a]
  const age = a.createdAt.getTime() - b.createdAt.getTime()
  if (age !== 0) return age < 0 ? [a, b] : [b, a]
  return a.id < b.id ? [a, b] : [b, a]
}

function propose(
  workspaceId: string,
  a: string,
  b: string,
  reason: string,
  evidence: Record<string, unknown>,
  changes: IdentityChanges,
): void {
  const [leadA, leadB] = a < b ? [a, b] : [b, a]
  changes.proposals.push({ workspaceId, leadA, leadB, reason, evidence })
}
