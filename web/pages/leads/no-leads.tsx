// The empty list: why it is empty, and what to do next.
import { Button } from '@mantine/core'
import { IconTrash, IconUserSearch, IconUsers } from '@tabler/icons-react'
import { listLeads } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { Doors } from '../../ui/doors.tsx'
import { count } from '../../ui/format.ts'
import { EmptyState } from '../../ui/states.tsx'
import { useMay } from '../../workspace.ts'
import { isNarrowed } from './address.ts'
import type { LeadsAddress } from './address.ts'
import classes from './no-leads.module.css'

interface NoLeadsProps {
  address: LeadsAddress
  onChange: (part: Partial<LeadsAddress>) => void
  onNew: () => void
}

export function NoLeads({ address, onChange, onNew }: NoLeadsProps) {
  const mayWrite = useMay('leads.write')
  const narrowed = isNarrowed(address)
  const inBin = address.status === 'binned'
  const isAll = inBin || address.audience === 'all'
  const all = useCall(listLeads, { query: { audience: 'all', limit: 1 } }, { enabled: !narrowed && !isAll })
  if (narrowed) {
    return (
      <EmptyState
        icon={IconUserSearch}
        title="Nobody fits"
        actions={
          <>
            <Button variant="default" onClick={() => onChange({ q: undefined, filter: undefined })}>
              Clear search and filters
            </Button>
            {isAll ? null : (
              <Button variant="default" onClick={() => onChange({ audience: 'all' })}>
                Look among all leads
              </Button>
            )}
          </>
        }
      >
        No {inBin ? 'lead in the bin' : `${address.audience ?? 'known'} lead`} has all of this.
      </EmptyState>
    )
  }
  if (inBin) {
    return (
      <EmptyState
        icon={IconTrash}
        title="The bin is empty"
        actions={
          <Button variant="default" onClick={() => onChange({ status: undefined })}>
            Back to the leads
          </Button>
        }
      >
        A lead moved here stays for 30 days, out of every list, count and send.
      </EmptyState>
    )
  }
  const others = all.data?.total ?? 0
  if (others > 0) {
    return (
      <EmptyState
        icon={IconUsers}
        title={address.audience === 'anonymous' ? 'No anonymous visitors' : 'Nobody is known yet'}
        actions={
          <Button variant="default" onClick={() => onChange({ audience: 'all' })}>
            Show {all.data?.totalIsExact === false ? 'all leads' : `all ${count(others, 'lead')}`}
          </Button>
        }
      >
        {address.audience === 'anonymous'
          ? 'Everyone here has told who they are.'
          : 'A visitor becomes a known lead with the first e-mail, phone or user id.'}
      </EmptyState>
    )
  }
  return (
    <div className={classes.first}>
      <EmptyState
        icon={IconUsers}
        title="No leads yet"
        actions={
          mayWrite ? (
            <Button variant="default" onClick={onNew}>
              Enter one by hand
            </Button>
          ) : null
        }
      >
        A lead is a person with everything that is known of them on one line. Three ways to the first ones:
      </EmptyState>
      <Doors />
    </div>
  )
}
