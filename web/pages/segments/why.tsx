// Why a lead is in a segment or not: each condition with what is known of the lead, and when it came and went.
import { Drawer, Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { eventLabel } from '../../../src/events/contract.ts'
import { explainMembership } from '../../../src/segments/contract.ts'
import type { ExplainedLine, Segment } from '../../../src/segments/contract.ts'
import { useCall } from '../../queries.ts'
import { count, formatNumber } from '../../ui/format.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './segments.module.css'
import { reasonWords } from './words.ts'

interface WhyProps {
  segment: Segment
  leadId: string | undefined
  onClose: () => void
}

export function Why({ segment, leadId, onClose }: WhyProps) {
  return (
    <Drawer
      opened={leadId !== undefined}
      onClose={onClose}
      position="right"
      size={460}
      title={`Why, in ${segment.name}?`}
    >
      {leadId === undefined ? null : <Explained segment={segment} leadId={leadId} />}
    </Drawer>
  )
}

function Explained({ segment, leadId }: { segment: Segment; leadId: string }) {
  const found = useCall(explainMembership, { params: { id: segment.id, leadId } })
  return (
    <Answer of={found} compact>
      {(told) => (
        <div className={classes.fields}>
          <Text>
            <LeadLink id={told.leadId} label={told.leadLabel} />{' '}
            {told.enteredAt === null ? (
              told.holds ? (
                'fits and is about to enter.'
              ) : (
                'is not in it.'
              )
            ) : (
              <>
                has been in it since <Time at={told.enteredAt} as="full" />.
              </>
            )}
          </Text>
          {told.reason ? <Text c="dimmed">{reasonWords(told.reason, 'entered')}.</Text> : null}
          <section aria-label="Condition by condition">
            <Text fw={600}>Condition by condition</Text>
            <ul className={classes.lines}>
              {told.lines.map((line, at) => (
                <Line key={at} line={line} />
              ))}
            </ul>
          </section>
          {told.moves.length > 0 ? (
            <section aria-label="Came and went">
              <Text fw={600}>Came and went</Text>
              <ul className={classes.lines}>
                {told.moves.map((move) => (
                  <li key={move.id} className={classes.explained}>
                    <span />
                    <span>
                      {move.kind === 'entered' ? 'Entered' : 'Left'} <Time at={move.movedAt} />
                    </span>
                    <span className={classes.found}>{reasonWords(move.reason, move.kind)}</span>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
        </div>
      )}
    </Answer>
  )
}

const groupWords = {
  all: 'All of these hold',
  any: 'Any of these holds',
  not: 'This does not hold',
} as const

function Line({ line }: { line: ExplainedLine }) {
  const Mark = line.holds ? IconCheck : IconX
  return (
    <li className={classes.explained} style={{ paddingInlineStart: line.depth * 16 }}>
      <span className={line.holds ? classes.yes : classes.no}>
        <Mark size={16} aria-label={line.holds ? 'Holds' : 'Does not hold'} role="img" />
      </span>
      <span>{line.group === null ? line.words : groupWords[line.group]}</span>
      {line.group === null ? (
        <span className={classes.found}>
          <Found line={line} />
        </span>
      ) : null}
    </li>
  )
}

function Found({ line: { found, event } }: { line: ExplainedLine }) {
  const last = event ? (
    <>
      {' '}
      ({eventLabel(event.name)}, <Time at={event.occurredAt} />)
    </>
  ) : null
  switch (found.kind) {
    case 'unknown':
      return <>Nothing is known{last}</>
    case 'instant':
      return <Time at={String(found.value)} as="full" />
    case 'times':
      return (
        <>
          {count(Number(found.value), 'time')}
          {last}
        </>
      )
    case 'number':
      return (
        <>
          {formatNumber(Number(found.value))}
          {last}
        </>
      )
    case 'text':
      return <>{found.value}</>
  }
}
