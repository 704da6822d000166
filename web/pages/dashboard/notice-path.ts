// Where a notice leads: to its cause. Pure.
import type { Notice, NoticeKind } from '../../../src/notices/contract.ts'
import {
  cartsPath,
  connectionPath,
  deliveriesPath,
  duplicatesPath,
  eventsPath,
  importsPath,
  leadPath,
  webhookPath,
} from '../../paths.ts'

/** The address; undefined where the cause has no page. */
export function noticePath({ kind, subject, lead }: Notice, slug: string): string | undefined {
  if (lead) return leadPath(slug, lead.id)
  const paths: Partial<Record<NoticeKind, string>> = {
    abandoned_carts: cartsPath(slug),
    parked_messages: eventsPath(slug, 'parked'),
    refused_events: eventsPath(slug),
    failed_import: `${importsPath(slug)}/${subject}`,
    finished_import: `${importsPath(slug)}/${subject}`,
    lost_connection: connectionPath(slug, subject),
    stopped_webhook: webhookPath(slug, subject),
    failed_deliveries: deliveriesPath(slug),
    duplicates: duplicatesPath(slug),
  }
  return paths[kind]
}
