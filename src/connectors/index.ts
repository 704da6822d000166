// The verbs of connectors: connections and the wire to vendors, the registry, and the exports that imports recognise.
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

export type { OnDisconnect } from './connecting.ts'
export { checkConnection, reconnect } from './connecting.ts'
export { endConsent } from './authorising.ts'
export { connectionCron, connectionTasks } from './jobs.ts'
export { connectorOf, connectors, destinationOf } from './registry.ts'
export { ownServer, postEvent } from './own-server.ts'
export { openSecrets, sealSecrets } from './secrets.ts'
export type { Connector, Link } from './connector.ts'
export type {
  Built,
  Conversion,
  ConversionProduct,
  Conversions,
  EventMapping,
  Mapped,
  MatchQuality,
  ParameterMapping,
  SendDoor,
} from './conversions.ts'
export type { Asked, FormLead, LeadForm, LeadNotice, LeadSource, SetUpStep } from './lead-source.ts'
export { play } from './exchange.ts'
export type { Exchange, Outcome, VendorRequest } from './exchange.ts'
export { baseAddress, checkVendorUrls } from './address.ts'
export { sampleConversion, sampleProducts, sampleSettings } from './samples.ts'
export { saidAt } from './shop.ts'
export type {
  CheckoutWord,
  CustomerWord,
  RefundWord,
  RequestWord,
  Shop,
  ShopConsent,
  ShopFileKind,
  ShopItselfWord,
  ShopLine,
  ShopOrderWord,
  ShopPerson,
  ShopProductWord,
  ShopRefund,
  ShopWord,
  ShopWrite,
  ShopWritten,
  WebhookHead,
} from './shop.ts'
export { showRequests } from './shown.ts'
export type { ShowPlace, ShownRequest } from './shown.ts'
export { openWire, settingsOf } from './wire.ts'
export type { Wire, WireServices } from './wire.ts'
export type { ConnectionRow } from './store.ts'
export {
  deleteConnection,
  insertConnection,
  noteEvent,
  readConnection,
  readConnections,
  readConnectionsOf,
  readConnectionsTo,
  savePause,
  saveSettings,
  saveStanding,
} from './store.ts'

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
