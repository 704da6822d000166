// How the score of the lead went: as it was scored, and by the rules of today; each change with its cause.
import { Badge, Button } from '@mantine/core'
import { useState } from 'react'
import { dayInZone } from '../../../src/lib/instant.ts'
import { getScoreHistory } from '../../../src/projections/score/contract.ts'
import { useCall } from '../../queries.ts'
import { Lines } from '../../ui/charts/lines.tsx'
import { formatDay, formatInstant } from '../../ui/format.ts'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time, useZone } from '../../ui/time.tsx'
import { scoreChanges, scoreMoments } from './score-changes.ts'
import type { ScoreChange, ScoreHistory } from './score-changes.ts'
import classes from './understanding.module.css'

const SHOWN = 8

export function ScoreHistorySection({ leadId }: { leadId: string }) {
  const history = useCall(getScoreHistory, { params: { id: leadId } }, { refetchMs: 30_000 })
  return (
    <Section
      title="Over time"
      about="As it was scored, with the cause of each change; beside it what the rules of today would have said."
    >
      <Answer
        of={history}
        compact
        isEmpty={({ items, recomputed }) => items.length === 0 && recomputed.length < 2}
        empty={
          <EmptyState compact title="Nothing moved it yet">
            The first thing that this person does begins the line.
          </EmptyState>
        }
      >
        {(data) => (
          <>
            <Line history={data} />
            <Changes changes={scoreChanges(data.items)} />
          </>
        )}
      </Answer>
    </Section>
  )
}

function Line({ history }: { history: ScoreHistory }) {
  const zone = useZone()
  const points = scoreMoments(history)
  const told = (value: number | null | undefined) =>
    typeof value === 'number' ? value.toFixed(1) : 'not known'
  return (
    <Lines
      label="The score over time; the list below names each change"
      names={['As it was scored', 'By the rules of today']}
      formatAxis={(value) => `${value}`}
      points={points.map(({ at, x, scored, recomputed }, place) => ({
        id: `${at} ${place}`,
        label: formatDay(dayInZone(Date.parse(at), zone), 'short'),
        told: `${formatInstant(at, zone)}: ${scored === undefined ? `${told(recomputed)} by the rules of today` : `${told(scored)} as it was scored`}`,
        x,
        values: [scored, recomputed],
      }))}
    />
  )
}

function Changes({ changes }: { changes: ScoreChange[] }) {
  const [isWhole, setWhole] = useState(false)
  if (changes.length === 0) return null
  return (
    <>
      <ul className={classes.lines} aria-label="Changes of the score">
        {changes.slice(0, isWhole ? undefined : SHOWN).map((change) => (
          <li key={`${change.at} ${change.cause}`} className={classes.line}>
            <span className={classes.grow}>
              <span className={classes.strong}>
                {change.cause}
                {change.isRecomputed ? (
                  <Badge size="xs" color="gray" ml={8}>
                    Recomputed
                  </Badge>
                ) : null}
              </span>
              <span className={classes.small}>
                {change.total === null ? 'no score' : `to ${change.total.toFixed(1)}`} {change.grade ?? ''}
                {change.silence >= 0.5 ? ` · silence had taken ${change.silence.toFixed(1)} before` : ''}
              </span>
            </span>
            <Time at={change.at} />
            <span className={classes.points} data-sign={Math.sign(change.points ?? 0)}>
              {change.points === null ? '–' : `${change.points > 0 ? '+' : ''}${change.points.toFixed(1)}`}
            </span>
          </li>
        ))}
      </ul>
      {changes.length > SHOWN && !isWhole ? (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setWhole(true)}>
          All {changes.length} changes
        </Button>
      ) : null}
    </>
  )
}
