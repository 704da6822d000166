// What of a lead leaves the server: every field is named here, so that nothing leaves by accident.
import type { Lead } from './contract.ts'
import { leadLabel } from './record.ts'
import type { LeadRow } from './record.ts'
import type { NoteRow } from './store.ts'
import type { ConsentRecord } from './store/consents.ts'

/** What the projection `activity` keeps of a lead, as far as lists show it; instants are ISO 8601 in UTC. */
export interface LeadActivity {
  first_seen_at: string | null
  last_seen_at: string | null
  event_count: number | null
  session_count: number | null
  first_channel: string | null
  last_channel: string | null
}

/** A lead as lists and pages show it. */
export function presentLead(row: LeadRow, activity: LeadActivity | undefined): Lead {
  return {
    id: row.id,
    label: leadLabel(row),
    status: row.status,
    mergedInto: row.merged_into,
    binnedAt: row.binned_at,
    isKnown: row.is_known,
    email: row.email,
    phone: row.phone,
    firstName: row.first_name,
    lastName: row.last_name,
    company: row.company,
    jobTitle: row.job_title,
    city: row.city,
    country: row.country,
    language: row.language,
    timeZone: row.time_zone,
    source: row.source,
    ownerId: row.owner_id,
    tags: row.tags,
    fields: row.fields,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    firstSeenAt: activity?.first_seen_at ?? null,
    lastSeenAt: activity?.last_seen_at ?? null,
    eventCount: activity?.event_count ?? 0,
    sessionCount: activity?.session_count ?? 0,
    firstChannel: activity?.first_channel ?? null,
    lastChannel: activity?.last_channel ?? null,
  }
}

export function presentNote(note: NoteRow) {
  return { id: note.id, author: note.author, body: note.body, createdAt: note.createdAt.toISOString() }
}

export function presentConsent(entry: ConsentRecord) {
  return {
    id: entry.id,
    purpose: entry.purpose,
    state: entry.state,
    source: entry.source,
    actor: entry.actor,
    proof: entry.proof,
    actedAt: entry.actedAt,
    recordedAt: entry.recordedAt,
    tookEffect: entry.tookEffect,
  }
}
