// Leads with all that an export may say of them, some at a time, so that no transaction stays open while a file is fetched.
import { rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { LeadFields, Purpose } from '../contract.ts'

export interface ExportRow extends LeadFields {
  id: string
  tags: string[]
  /** the owner's e-mail address */
  owner: string | null
  source: string
  fields: Record<string, unknown>
  createdAt: Date
  updatedAt: Date
  firstSeenAt: Date | null
  lastSeenAt: Date | null
  eventCount: number
  sessionCount: number
  firstChannel: string | null
  lastChannel: string | null
  consents: Partial<Record<Purpose, 'granted' | 'denied'>>
}

/**
 * Those of some leads that still have the status, in the order of their ids.
 * @param needs.consents whether consents are read, too
 */
export async function readExportPage(
  db: Db,
  { workspaceId, status, ids }: { workspaceId: string; status: 'active' | 'binned'; ids: string[] },
  needs: { consents: boolean },
): Promise<ExportRow[]> {
  return rows(
    db,
    sql`select l.id, l.email, l.phone, l.first_name as "firstName", l.last_name as "lastName", l.company,
          l.job_title as "jobTitle", l.city, l.country, l.language, l.time_zone as "timeZone", l.tags, l.source, l.fields,
          l.created_at as "createdAt", l.updated_at as "updatedAt", a.first_seen_at as "firstSeenAt",
          a.last_seen_at as "lastSeenAt", coalesce(a.event_count, 0) as "eventCount",
          coalesce(a.session_count, 0) as "sessionCount", a.first_channel as "firstChannel", a.last_channel as "lastChannel",
          u.email as owner,
          ${
            needs.consents
              ? sql`coalesce((select jsonb_object_agg(c.purpose, c.state) from consents c where c.lead_id = l.id), '{}')`
              : sql`'{}'::jsonb`
          } as consents
        from leads l left join lead_activity a on a.lead_id = l.id
          left join users u on u.id::text = l.owner_id
        where l.id = any(${ids}::uuid[]) and l.workspace_id = ${workspaceId} and l.status = ${status}
        order by l.id`,
  )
}
