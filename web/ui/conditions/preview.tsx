// Beside a condition while it is written: how many leads it fits, and some of them with what the condition asks of them.
import { Anchor, Button, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { Condition } from '../../../src/conditions/contract.ts'
import { previewLeads } from '../../../src/leads/contract.ts'
import type { Lead } from '../../../src/leads/contract.ts'
import { leadPath } from '../../paths.ts'
import { useCall } from '../../queries.ts'
import { useWorkspace } from '../../workspace.ts'
import { count } from '../format.ts'
import { Loading } from '../states.tsx'
import { Time } from '../time.tsx'
import type { OfferedFact } from './draft.ts'
import { askedOf, shownFact } from './examples.ts'
import classes from './preview.module.css'

interface PreviewProps {
  condition: Condition
  facts: readonly OfferedFact[]
  audience: 'known' | 'anonymous' | 'all'
}

const pauseMs = 300

/** Asks once the writing pauses; what was asked before and is not answered yet is called off. */
export function Preview({ condition, facts, audience }: PreviewProps) {
  const [asked] = useDebouncedValue(condition, pauseMs)
  const found = useCall(
    previewLeads,
    { body: { condition: asked, audience } },
    { keepPrevious: true, staleMs: 10_000 },
  )
  if (found.error) {
    return (
      <div role="alert" className={classes.problem}>
        <Text>{found.error.message}</Text>
        <Button size="compact-xs" variant="default" onClick={() => void found.refetch()}>
          Try again
        </Button>
      </div>
    )
  }
  if (!found.data) return <Loading lines={3} height={20} label="Counting the leads" />
  const { count: total, examples, isPartial } = found.data
  const shown = askedOf(asked, facts)
  return (
    <section aria-label="Who fits" data-stale={found.isPlaceholderData || undefined} className={classes.root}>
      <Text role="status" fw={500}>
        {total === 0 ? 'Nobody fits' : `${count(total, 'lead')}`}
        {isPartial ? ' so far; more are being made ready' : ''}
      </Text>
      {total === 0 ? (
        <Text c="dimmed" fz="xs">
          Ask for less, or for any of the conditions rather than all.
        </Text>
      ) : (
        <ul className={classes.list} aria-label="Some of them" tabIndex={0}>
          {examples.map((lead) => (
            <Example key={lead.id} lead={lead} facts={shown} />
          ))}
        </ul>
      )}
      {total > examples.length ? (
        <Text c="dimmed" fz="xs">
          {count(examples.length, 'example')}, those seen last.
        </Text>
      ) : null}
    </section>
  )
}

function Example({ lead, facts }: { lead: Lead; facts: OfferedFact[] }) {
  const { slug } = useWorkspace()
  const said = facts.flatMap((fact) => {
    const value = shownFact(lead, fact)
    return value === undefined ? [] : [{ fact, value }]
  })
  return (
    <li className={classes.example}>
      <span className={classes.who}>
        <Anchor href={leadPath(slug, lead.id)} target="_blank" c="inherit" fw={500}>
          {lead.label}
        </Anchor>
        {lead.email && lead.email !== lead.label ? <span className={classes.about}>{lead.email}</span> : null}
      </span>
      <span className={classes.about}>
        {said.length === 0 ? (
          lead.lastSeenAt === null ? (
            'Never seen'
          ) : (
            <>
              Seen <Time at={lead.lastSeenAt} />
            </>
          )
        ) : (
          said.map(({ fact, value }, at) => (
            <span key={fact.name}>
              {at > 0 ? ' · ' : ''}
              {fact.label}: {'at' in value ? <Time at={value.at} /> : value.text}
            </span>
          ))
        )}
      </span>
    </li>
  )
}
