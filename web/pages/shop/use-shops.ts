// The shops that are or were connected; what the navigation and the shop's pages go by.
import type { ShopState } from '../../../src/commerce/shop/contract.ts'
import { useCall } from '../../queries.ts'
import { useMay } from '../../workspace.ts'
import { shopState } from './calls.ts'

/** @param refetchMs how often it is asked anew; once a minute unless told */
export function useShops(refetchMs = 60_000) {
  const mayRead = useMay('leads.read')
  return useCall(shopState, {}, { enabled: mayRead, refetchMs, staleMs: Math.min(refetchMs, 15_000) })
}

/** Shops as choices, where there are several. */
export function shopChoices(shops: readonly ShopState[]): { value: string; label: string }[] {
  return shops.length < 2 ? [] : shops.map(({ connectionId, name }) => ({ value: connectionId, label: name }))
}
