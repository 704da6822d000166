// Finds the lead to merge with: those that are proposed for it, and whoever fits what is typed.
import { Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { listLeads, listProposals } from '../../../../src/leads/contract.ts'
import type { Lead } from '../../../../src/leads/contract.ts'
import { useCall } from '../../../queries.ts'
import { initials, words } from '../../../ui/format.ts'
import { ErrorState, Loading } from '../../../ui/states.tsx'
import classes from './find-lead.module.css'

interface FindLeadProps {
  leadId: string
  onFound: (leadId: string) => void
}

const pauseMs = 250
const shownAtOnce = 8

export function FindLead({ leadId, onFound }: FindLeadProps) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), pauseMs)
  return (
    <>
      <TextInput
        type="search"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        leftSection={<IconSearch size={16} stroke={1.6} />}
        placeholder="Name, e-mail, phone or company"
        aria-label="Search for the other lead"
        data-autofocus
      />
      <div className={classes.body}>
        {search.length >= 2 ? (
          <Found search={search} leadId={leadId} onFound={onFound} />
        ) : (
          <Proposed leadId={leadId} onFound={onFound} />
        )}
      </div>
    </>
  )
}

function Found({ search, leadId, onFound }: FindLeadProps & { search: string }) {
  const found = useCall(
    listLeads,
    { query: { search, audience: 'all', limit: shownAtOnce + 1 } },
    { keepPrevious: true },
  )
  if (found.error) return <ErrorState problem={found.error} retry={() => void found.refetch()} compact />
  if (!found.data) return <Loading lines={3} height={32} label="Searching" />
  const others = found.data.items.filter(({ id }) => id !== leadId).slice(0, shownAtOnce)
  if (others.length === 0) {
    return <p className={classes.none}>No other lead fits “{search}”. Try a part of the name or address.</p>
  }
  return (
    <Choice
      label="Leads found"
      leads={others.map((lead) => ({ id: lead.id, label: lead.label, about: aboutOf(lead) }))}
      onFound={onFound}
    />
  )
}

function Proposed({ leadId, onFound }: FindLeadProps) {
  const { data } = useCall(listProposals, {}, { staleMs: 60_000 })
  const proposed = (data?.items ?? []).flatMap(({ leads, reason }) =>
    leads.some(({ id }) => id === leadId)
      ? leads.flatMap(({ id, label }) => (id === leadId ? [] : { id, label, about: words(reason) }))
      : [],
  )
  if (proposed.length === 0) {
    return <p className={classes.none}>Type at least two letters of who is the same person.</p>
  }
  return (
    <>
      <Text fz="xs" c="dimmed" mb={8}>
        May be the same person
      </Text>
      <Choice label="Proposed leads" leads={proposed} onFound={onFound} />
    </>
  )
}

interface ChoiceProps {
  label: string
  leads: { id: string; label: string; about: string }[]
  onFound: (leadId: string) => void
}

function Choice({ label, leads, onFound }: ChoiceProps) {
  return (
    <ul className={classes.list} aria-label={label}>
      {leads.map((lead) => (
        <li key={lead.id}>
          <UnstyledButton className={classes.lead} onClick={() => onFound(lead.id)}>
            <span className={classes.portrait} aria-hidden>
              {initials(lead.label)}
            </span>
            <span className={classes.words}>
              <span className={classes.label}>{lead.label}</span>
              {lead.about ? <span className={classes.about}>{lead.about}</span> : null}
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}

function aboutOf(lead: Lead): string {
  return [lead.email === lead.label ? null : lead.email, lead.company, lead.phone].filter(Boolean).join(' · ')
}
