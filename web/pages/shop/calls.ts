// What the shop's pages ask and tell, under names that any shop could have.
export {
  cancelShopifySync as cancelSync,
  getShopifyCustomer as getCustomer,
  getShopifyOrder as getOrder,
  listShopifyCustomerOrders as listCustomerOrders,
  listShopifyCustomers as listCustomers,
  listShopifyOrders as listOrders,
  listShopifyProducts as listProducts,
  listShopifyRequests as listRequests,
  listShopifySyncs as listSyncs,
  listShopifyWebhooks as listShopWebhooks,
  resolveShopifyConflict as resolveConflict,
  shopifyState as shopState,
  syncShopifyCheckouts as syncCheckouts,
  syncShopifyCustomers as syncCustomers,
  syncShopifyOrders as syncOrders,
  syncShopifyProducts as syncProducts,
  tagShopifyCustomer as tagCustomer,
} from '../../../src/connectors/shopify/contract.ts'
export {
  getCustomerTaste,
  getCustomerWorth,
  listAbandonedCarts,
  listAffinities,
  lookAtAbandonedCarts,
  setAbandonedCartSettings,
} from '../../../src/connectors/shopify/buying/contract.ts'
