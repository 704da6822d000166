// The verbs of connected shops: keep what they tell, read it for pages, and follow how far it is read.
export { hearShop } from './hearing.ts'
export {
  hearCustomer,
  keepCheckouts,
  keepCustomers,
  keepOrders,
  keepProducts,
  recallCustomers,
} from './keeping.ts'
export type { OrderDeed, Recalled, Speaker, ToldOrder } from './keeping.ts'
export {
  endRequest,
  forgetInShops,
  forgetShop,
  leadsOfCustomer,
  leadsOfShop,
  markShopSaid,
  readExport,
  readRequest,
  readRequests,
  shopDataOf,
} from './store/requests.ts'
export {
  adoptShop,
  findShops,
  forgetWebhooks,
  noteSubscribed,
  noteUninstalled,
  noteWebhook,
  readInstalledShops,
  readShop,
  readShops,
  saveShop,
  settleWebhooks,
} from './store/shops.ts'
export type { ShopRow, WebhookEnd } from './store/shops.ts'
export {
  cancelSyncs,
  isSyncAhead,
  moveSync,
  moveSyncCheckpoint,
  queueSync,
  readDueSyncs,
  readNewestSyncs,
  readReadingSyncs,
  readSync,
  readSyncs,
  readThrough,
} from './store/syncs.ts'
export type { SyncRow } from './store/syncs.ts'
export { findCustomer, listCustomers } from './store/lists/customers.ts'
export { findShopOrder, listShopOrders, readOrderParts } from './store/lists/orders.ts'
export { listProducts } from './store/lists/products.ts'
export { countShops, countWebhooks, listWebhooks } from './store/lists/webhooks.ts'
export {
  presentCustomer,
  presentCustomerDetail,
  presentOrder,
  presentOrderDetail,
  presentProduct,
  presentRequest,
  presentShop,
  presentSync,
  presentWebhook,
} from './present.ts'
export { dropOwed, endOwed, settleWrite, takeOwed } from './store/owed.ts'
export type { OwedCustomer, OwedEnd } from './store/owed.ts'
