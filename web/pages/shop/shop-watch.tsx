// Tells the shell whether a shop is or was connected, apart from it, so that no page waits for the shop's contract.
import { useEffect } from 'react'
import { useShops } from './use-shops.ts'

export function ShopWatch({ tell }: { tell: (hasShop: boolean) => void }) {
  const hasShop = (useShops().data?.shops.length ?? 0) > 0
  useEffect(() => tell(hasShop), [tell, hasShop])
  return null
}
