// Opens the list with the member's first view, where the address asks for nothing in particular.
import { useEffect } from 'react'
import { listViews } from '../../../src/leads/views/contract.ts'
import { useCall } from '../../queries.ts'
import type { LeadsAddress } from './address.ts'
import { addressOfView } from './view-address.ts'

export function useFirstView(
  address: LeadsAddress,
  isList: boolean,
  onChange: (part: Partial<LeadsAddress>) => void,
  onColumns: (keys: string[]) => void,
): void {
  const asksNothing = isList && Object.values(address).every((part) => part === undefined)
  const { data } = useCall(listViews, {}, { staleMs: 60_000 })
  const first = data?.items.find(({ isDefault }) => isDefault)
  useEffect(() => {
    if (!asksNothing || !first) return
    onChange(addressOfView(first))
    if (first.columns) onColumns(first.columns)
    // Once per visit of the bare address; what the columns do afterwards is the reader's.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asksNothing, first?.id])
}
