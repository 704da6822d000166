// Writes into the address what is opened in a tab of the lead, so that a link shows the same.
import { useNavigate } from '@tanstack/react-router'
import type { LeadAddress } from './address.ts'

export function useLeadAddress(): (opened: {
  why?: string | undefined
  model?: LeadAddress['model'] | undefined
}) => void {
  const navigate = useNavigate()
  return (opened) =>
    void navigate({
      from: '/w/$workspace/leads/$id',
      to: '.',
      search: (before) => ({ ...before, ...opened }),
      state: (before) => before,
      replace: true,
      resetScroll: false,
    })
}
