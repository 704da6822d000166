// The list of leads: who is in it, by the address; as a table, on a phone as rows.
import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import type { Lead } from '../../../src/leads/contract.ts'
import { listLeads } from '../../../src/leads/contract.ts'
import { useCallPages } from '../../queries.ts'
import { count, formatNumber } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, Loading } from '../../ui/states.tsx'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { isNarrowed, sortOf, sortPart } from './address.ts'
import type { LeadsAddress } from './address.ts'
import { useIsNarrow } from './beside.ts'
import { BulkBar } from './bulk-bar.tsx'
import { BulkRunning } from './bulk-running.tsx'
import { lastSeenColumn, nameColumn, purgeColumn, useLeadColumns } from './columns.tsx'
import { LeadCards } from './lead-cards.tsx'
import classes from './lead-list.module.css'
import { LeadActions } from './lead-actions.tsx'
import { leadsQuery } from './list-query.ts'
import { NewLead } from './new-lead.tsx'
import { NoLeads } from './no-leads.tsx'
import { isPicked, nothingPicked } from './selection.ts'
import type { Picked } from './selection.ts'
import { Toolbar } from './toolbar.tsx'
import { useFirstView } from './first-view.ts'

export function LeadList({ openId }: { openId: string | undefined }) {
  const { slug } = useWorkspace()
  const mayWrite = useMay('leads.write')
  const narrow = useIsNarrow()
  const navigate = useNavigate({ from: '/w/$workspace/leads' })
  const address: LeadsAddress = useSearch({ from: '/w/$workspace/leads' })
  const [adding, setAdding] = useState(false)
  const question = JSON.stringify([address.q, address.audience, address.status, address.filter])
  // What was picked belongs to the question it was picked under.
  const [pick, setPick] = useState<{ question: string; picked: Picked }>({ question, picked: nothingPicked })
  const picked = pick.question === question ? pick.picked : nothingPicked
  const setPicked = (next: Picked) => setPick({ question, picked: next })
  const columns = useLeadColumns()
  const found = useCallPages(listLeads, { query: leadsQuery(address) }, { keepPrevious: true })
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = found
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage])
  const change = useCallback(
    (part: Partial<LeadsAddress>) => {
      const search = (before: LeadsAddress) => ({ ...before, ...part })
      if (openId === undefined)
        void navigate({ to: '/w/$workspace/leads', params: { workspace: slug }, search, replace: true })
      else
        void navigate({
          to: '/w/$workspace/leads/$id',
          params: { workspace: slug, id: openId },
          search,
          state: { beside: true },
          replace: true,
        })
    },
    [navigate, slug, openId],
  )
  useFirstView(address, openId === undefined, change, columns.choose)
  const open = (lead: Pick<Lead, 'id'>, replace = false) =>
    void navigate({
      to: '/w/$workspace/leads/$id',
      params: { workspace: slug, id: lead.id },
      search: (before) => ({ ...before }),
      state: { beside: true },
      replace,
    })
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? []
  const step = (by: number) => {
    const at = rows.findIndex(({ id }) => id === openId)
    const next = at < 0 ? undefined : rows[at + by]
    if (next) open(next, true)
  }
  useHotkeys(
    openId === undefined
      ? []
      : [
          ['j', () => step(1)],
          ['k', () => step(-1)],
        ],
  )
  const first = found.data?.pages[0]
  const [name, ...others] = columns.shown
  const shownColumns = address.status === 'binned' && name ? [name, purgeColumn, ...others] : columns.shown
  return (
    <div className={classes.root}>
      <PageHeader
        title={address.status === 'binned' ? 'Leads in the bin' : 'Leads'}
        aside={first ? <Total total={first.total} isExact={first.totalIsExact} /> : null}
        actions={
          mayWrite && address.status !== 'binned' ? (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              New lead
            </Button>
          ) : null
        }
      />
      <Toolbar
        address={address}
        onChange={change}
        columns={columns}
        hasColumns={!narrow && openId === undefined}
        onPickAll={first && first.total > 0 ? () => setPicked({ all: true }) : undefined}
      />
      {openId === undefined ? <BulkRunning /> : null}
      {openId === undefined && first && isPicked(picked) ? (
        <BulkBar
          picked={picked}
          onPick={setPicked}
          onDone={() => setPicked(nothingPicked)}
          onMerged={(id) => open({ id })}
          address={address}
          total={first.total}
          totalIsExact={first.totalIsExact}
        />
      ) : null}
      <div className={classes.body} data-stale={found.isPlaceholderData || undefined}>
        <Answer
          of={found}
          loading={<Loading lines={10} height={20} />}
          isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
          empty={<NoLeads address={address} onChange={change} onNew={() => setAdding(true)} />}
        >
          {() =>
            narrow ? (
              <LeadCards leads={rows} onEnd={onEnd} busy={isFetchingNextPage} />
            ) : (
              <VirtualTable
                label="Leads"
                keyboard={openId === undefined}
                columns={openId === undefined ? shownColumns : [nameColumn, lastSeenColumn]}
                minWidth={
                  openId === undefined ? shownColumns.reduce((sum, { width }) => sum + width, 128) : 0
                }
                rows={rows}
                rowId={(lead) => lead.id}
                rowLabel={(lead) => lead.label}
                selection={
                  openId === undefined
                    ? {
                        ids: picked.all ? new Set(rows.map(({ id }) => id)) : picked.ids,
                        onChange: (ids) => setPicked({ all: false, ids }),
                      }
                    : undefined
                }
                rowHeight={48}
                total={first?.total}
                sort={sortOf(address)}
                onSort={(sort) => change(sortPart(sort))}
                onOpen={open}
                openId={openId}
                onEnd={onEnd}
                rowActions={openId === undefined ? (lead) => <LeadActions lead={lead} /> : undefined}
                footer={
                  isFetchNextPageError ? (
                    <Button size="compact-xs" variant="subtle" onClick={() => void fetchNextPage()}>
                      More could not be fetched. Try again
                    </Button>
                  ) : hasNextPage ? (
                    `${formatNumber(rows.length)} shown, more as you scroll`
                  ) : (
                    'This is all.'
                  )
                }
              />
            )
          }
        </Answer>
      </div>
      {adding ? (
        <NewLead
          onClose={() => setAdding(false)}
          onMade={(lead) => {
            setAdding(false)
            open(lead)
          }}
        />
      ) : null}
      {isNarrowed(address) && first ? (
        <span role="status" className={classes.said}>
          {count(first.total, 'lead')} found
        </span>
      ) : null}
    </div>
  )
}

function Total({ total, isExact }: { total: number; isExact: boolean }) {
  return (
    <span className={classes.total}>
      {isExact ? count(total, 'lead') : `more than ${count(total, 'lead')}`}
    </span>
  )
}
