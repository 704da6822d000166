// The export of Facebook and Instagram lead ads.
import type { ExportPreset } from '../contract.ts'

/** UTF-16 with tabs; ids carry a letter and a colon in front, phone numbers `p:`. */
export const metaLeadAds: ExportPreset = {
  id: 'facebook_lead_ads',
  label: 'Facebook lead ads',
  kind: 'contacts',
  idSpace: 'meta',
  signs: ['id', 'created_time', 'ad_id', 'form_id'],
  columns: { created_time: 'created_at', id: 'custom', platform: 'custom' },
  prefixes: { id: 'l:', ad_id: 'ag:', adset_id: 'as:', campaign_id: 'c:', form_id: 'f:', phone_number: 'p:' },
}
