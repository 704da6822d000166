// Leads side by side: which record stays, whose value holds where they differ, what comes along, and which consent results.
import { Badge, Radio, ScrollArea } from '@mantine/core'
import type { CSSProperties, ReactNode } from 'react'
import type { Purpose } from '../../../../src/leads/contract.ts'
import { countryName } from '../../../ui/countries.ts'
import { formatNumber, words } from '../../../ui/format.ts'
import { useFacts, useOwners } from '../../leads/facts.ts'
import { identifierNames } from '../identifier-names.ts'
import { ConsentState } from '../proof.tsx'
import { purposeNames } from '../purposes.ts'
import { OWNER, columnsOf, isOpen, isOwnerOpen, ownerOf, resultOf } from './choices.ts'
import type { Choices, ComparedField, ComparedLead, Preview } from './choices.ts'
import classes from './comparison.module.css'

interface ComparisonProps {
  preview: Preview
  /** the leads in the order of their columns */
  shownIds: readonly string[]
  winnerId: string
  onWinner: (leadId: string) => void
  choices: Choices
  onChoose: (field: string, leadId: string) => void
  /** fields that somebody else changed while this was open */
  changed: ReadonlySet<string> | undefined
}

export function Comparison(props: ComparisonProps) {
  const { preview, shownIds, winnerId, onWinner, choices, onChoose, changed } = props
  const facts = useFacts()
  const columns = columnsOf(preview, shownIds)
  const leads = columns.map((at) => preview.leads[at]!)
  const labelOf = (field: string) =>
    facts.find(({ name }) => name === field)?.label ?? words(field.replace(/^fields\./, ''))
  const inOrder = (field: ComparedField) => ({ ...field, values: columns.map((at) => field.values[at]) })
  const fields = [...preview.fields].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)))
  return (
    <ScrollArea
      type="auto"
      offsetScrollbars="x"
      viewportProps={{ tabIndex: 0, 'aria-label': 'The leads side by side' }}
    >
      <div
        role="table"
        aria-label="The leads side by side"
        className={classes.table}
        style={{ '--leads': leads.length } as CSSProperties}
      >
        <div role="row" className={classes.head}>
          <span role="columnheader" className={classes.label}>
            Stays
          </span>
          {leads.map((lead) => (
            <div key={lead.id} role="columnheader" className={classes.cell}>
              <Radio
                name="winner"
                checked={lead.id === winnerId}
                onChange={() => onWinner(lead.id)}
                aria-label={`${lead.label} stays`}
                label={<Named lead={lead} />}
              />
            </div>
          ))}
          <span role="columnheader" className={classes.result}>
            Together
          </span>
        </div>
        {fields.map((field) => (
          <FieldRow
            key={field.field}
            label={labelOf(field.field)}
            isChanged={changed?.has(field.field) ?? false}
            field={inOrder(field)}
            leads={leads}
            result={resultOf(field, preview, choices)}
            onChoose={(leadId) => onChoose(field.field, leadId)}
          />
        ))}
        <ComesAlong preview={preview} leads={leads} />
        <OwnerRow preview={preview} leads={leads} choices={choices} onChoose={onChoose} />
        {preview.consents.map((consent) => (
          <Row
            key={consent.purpose}
            label={purposeLabel(consent.purpose)}
            cells={columns.map((at) => (
              <ConsentState key={at} state={consent.states[at]!} />
            ))}
            result={
              <>
                <ConsentState state={consent.result} />
                <span className={classes.because}>{consent.because}</span>
              </>
            }
          />
        ))}
      </div>
    </ScrollArea>
  )
}

function Named({ lead }: { lead: ComparedLead }) {
  return (
    <span className={classes.named}>
      <span className={classes.name}>{lead.label}</span>
      {lead.email && lead.email !== lead.label ? <span className={classes.about}>{lead.email}</span> : null}
    </span>
  )
}

interface RowProps {
  label: string
  isChanged?: boolean
  /** the cells show what it comes to, so that a phone need not repeat it */
  isPlain?: boolean
  cells: ReactNode[]
  result: ReactNode
}

function Row({ label, isChanged, isPlain, cells, result }: RowProps) {
  return (
    <div role="row" className={classes.row}>
      <span role="rowheader" className={classes.label}>
        {label}
        {isChanged ? (
          <Badge color="yellow" size="xs">
            Changed meanwhile
          </Badge>
        ) : null}
      </span>
      {cells.map((cell, at) => (
        <div key={at} role="cell" className={classes.cell}>
          {cell}
        </div>
      ))}
      <div role="cell" className={classes.result} data-plain={isPlain || undefined}>
        {result}
      </div>
    </div>
  )
}

interface FieldRowProps {
  label: string
  isChanged: boolean
  field: ComparedField
  leads: ComparedLead[]
  result: unknown
  onChoose: (leadId: string) => void
}

function FieldRow({ label, isChanged, field, leads, result, onChoose }: FieldRowProps) {
  const show = (value: unknown) => shown(field.field, value)
  const open = isOpen(field)
  return (
    <Row
      label={label}
      isPlain
      isChanged={isChanged}
      cells={leads.map((lead, at) => {
        const value = field.values[at]
        if (value === null || value === undefined) return <None key={lead.id} />
        if (!open) return show(value)
        return (
          <Radio
            key={lead.id}
            name={field.field}
            checked={value === result}
            onChange={() => onChoose(lead.id)}
            aria-label={`${label}: ${show(value)}`}
            label={show(value)}
          />
        )
      })}
      result={<strong>{show(result)}</strong>}
    />
  )
}

interface OwnerRowProps extends Pick<ComparisonProps, 'preview' | 'choices' | 'onChoose'> {
  leads: ComparedLead[]
}

function OwnerRow({ preview, leads, choices, onChoose }: OwnerRowProps) {
  const owners = useOwners()
  const nameOf = (id: string) => owners.find(({ value }) => value === id)?.label ?? 'A former member'
  const owner = ownerOf(preview, choices)
  if (owner === null) return null
  const isChoice = isOwnerOpen(preview)
  return (
    <Row
      label="Owner"
      isPlain={isChoice}
      cells={leads.map(({ id, ownerId }) => {
        if (ownerId === null) return <None key={id} />
        if (!isChoice) return nameOf(ownerId)
        return (
          <Radio
            key={id}
            name={OWNER}
            checked={ownerId === owner}
            onChange={() => onChoose(OWNER, id)}
            aria-label={`Owner: ${nameOf(ownerId)}`}
            label={nameOf(ownerId)}
          />
        )
      })}
      result={<strong>{nameOf(owner)}</strong>}
    />
  )
}

function ComesAlong({ preview, leads }: { preview: Preview; leads: ComparedLead[] }) {
  const counted = [
    { label: 'Events', read: (lead: ComparedLead) => lead.eventCount },
    { label: 'Orders', read: (lead: ComparedLead) => lead.orderCount },
    { label: 'Notes', read: (lead: ComparedLead) => lead.noteCount },
  ].filter(({ read }) => leads.some((lead) => read(lead) > 0))
  return (
    <>
      {counted.map(({ label, read }) => (
        <Row
          key={label}
          label={label}
          cells={leads.map((lead) => formatNumber(read(lead)))}
          result={<strong>{formatNumber(leads.reduce((sum, lead) => sum + read(lead), 0))}</strong>}
        />
      ))}
      <Row
        label="Recognised by"
        cells={leads.map((lead) => (
          <Identifiers key={lead.id} of={lead.identifiers} />
        ))}
        result={
          <strong>
            {formatNumber(leads.reduce((sum, { identifiers }) => sum + identifiers.length, 0))} in all
          </strong>
        }
      />
      {preview.tags.length > 0 ? (
        <Row
          label="Tags"
          cells={leads.map(({ id, tags }) => (tags.length === 0 ? <None key={id} /> : tags.join(', ')))}
          result={<strong>{preview.tags.join(', ')}</strong>}
        />
      ) : null}
    </>
  )
}

const identifiersShown = 4

function Identifiers({ of }: { of: ComparedLead['identifiers'] }) {
  if (of.length === 0) return <None />
  return (
    <ul className={classes.identifiers}>
      {of.slice(0, identifiersShown).map(({ kind, value }) => (
        <li key={`${kind} ${value}`} title={value}>
          <span className={classes.about}>{identifierNames[kind]}</span> {value}
        </li>
      ))}
      {of.length > identifiersShown ? (
        <li className={classes.about}>and {of.length - identifiersShown} more</li>
      ) : null}
    </ul>
  )
}

function None() {
  return <span className={classes.about}>–</span>
}

function purposeLabel(purpose: Purpose): string {
  return `Consent: ${purposeNames[purpose]}`
}

function shown(field: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'number') return formatNumber(value)
  if (typeof value !== 'string') return JSON.stringify(value)
  return field === 'country' ? countryName(value) : value
}
