// What connectors offer to the rest: so far the exports of vendors that imports recognise.
import { shopifyOrders, shopifyCustomers } from './shopify/export.ts'
import { mailchimpAudience } from './mailchimp/export.ts'
import { hubspotContacts } from './hubspot/export.ts'
import { salesforceReport } from './salesforce/export.ts'
import { brevoContacts } from './brevo/export.ts'
import { klaviyoProfiles } from './klaviyo/export.ts'
import { metaLeadAds } from './meta/export.ts'
import { linkedinConnections } from './linkedin/export.ts'
import { googleContacts } from './google/export.ts'
import type { ExportPreset } from './contract.ts'

/** Every export that is recognised by its headers; the one with the most signs wins. */
export const exportPresets: readonly ExportPreset[] = [
  shopifyOrders,
  shopifyCustomers,
  mailchimpAudience,
  hubspotContacts,
  salesforceReport,
  brevoContacts,
  klaviyoProfiles,
  metaLeadAds,
  linkedinConnections,
  googleContacts,
]
