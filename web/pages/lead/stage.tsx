// The way of the lead through the stages: where it is, how long it was where, and each move with its cause.
import { Badge, Button, Text } from '@mantine/core'
import { useState } from 'react'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import type { ReplyOf } from '../../../src/lib/endpoint.ts'
import { rankOf, stageHistory, stageLabels, stages } from '../../../src/projections/lifecycle/contract.ts'
import { useCall } from '../../queries.ts'
import { Money } from '../../ui/money.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { useActorName } from './actors.ts'
import { MoveDialog } from './move-dialog.tsx'
import { causeWords, skippedWords, spanWords } from './stage-words.ts'
import classes from './understanding.module.css'

type History = ReplyOf<typeof stageHistory>

export function StageSection({ lead }: { lead: LeadDetail }) {
  const history = useCall(stageHistory, { params: { id: lead.id } }, { refetchMs: 15_000 })
  const mayWrite = useMay('leads.write')
  const [isMoving, setMoving] = useState(false)
  return (
    <Section
      title="Stage"
      about="By what the lead did, an order, or somebody’s decision."
      actions={
        mayWrite && history.data ? (
          <Button size="compact-sm" variant="default" onClick={() => setMoving(true)}>
            Move…
          </Button>
        ) : undefined
      }
    >
      <Answer of={history}>
        {(data) => (
          <>
            <Path history={data} />
            <Speed history={data} />
            <Moves history={data} />
          </>
        )}
      </Answer>
      {isMoving && history.data ? (
        <MoveDialog lead={lead} stage={history.data.current.stage} onClose={() => setMoving(false)} />
      ) : null}
    </Section>
  )
}

function Path({ history }: { history: History }) {
  const rank = rankOf(history.current.stage)
  return (
    <ol className={classes.path} aria-label="Stages">
      {stages.map((stage, at) => {
        const been = history.stages.find((one) => one.stage === stage)
        const state = at === rank ? 'now' : been ? 'been' : at < rank ? 'skipped' : 'ahead'
        return (
          <li key={stage} data-state={state} aria-current={at === rank ? 'step' : undefined}>
            <span className={classes.stage}>{stageLabels[stage]}</span>
            <span className={classes.small}>
              {been
                ? `${spanWords(been.days)}, ${been.touches} ${been.touches === 1 ? 'touch' : 'touches'}`
                : state === 'skipped'
                  ? 'passed over'
                  : ''}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function Speed({ history: { velocity } }: { history: History }) {
  const parts = [
    `${spanWords(velocity.days)} since the beginning`,
    velocity.toOpportunityDays === null ? '' : `opportunity after ${spanWords(velocity.toOpportunityDays)}`,
    velocity.toCustomerDays === null ? '' : `customer after ${spanWords(velocity.toCustomerDays)}`,
    velocity.backwardMoves > 0
      ? `${velocity.backwardMoves} ${velocity.backwardMoves === 1 ? 'move' : 'moves'} backward`
      : '',
  ].filter(Boolean)
  return (
    <Text c="dimmed" mt={8}>
      {parts.join(' · ')}
    </Text>
  )
}

function Moves({ history }: { history: History }) {
  const actorName = useActorName()
  if (history.moves.length === 0)
    return (
      <Text c="dimmed" mt={8}>
        It has not moved yet.
      </Text>
    )
  return (
    <ul className={classes.lines} aria-label="Moves">
      {history.moves.toReversed().map((move) => (
        <li key={`${move.at} ${move.cause.id}`} className={classes.line}>
          <span className={classes.grow}>
            <span className={classes.strong}>
              {stageLabels[move.from]} → {stageLabels[move.to]}
              {move.isBackward ? (
                <Badge color="orange" size="xs" ml={8}>
                  Back
                </Badge>
              ) : null}
              {move.kind === 'manual' ? (
                <Badge color="gray" size="xs" ml={8}>
                  By hand
                </Badge>
              ) : null}
            </span>
            <span className={classes.small}>
              {causeWords(move, actorName(move.actor))}
              {move.skipped.length > 0 ? ` · ${skippedWords(move)}` : ''} · after {spanWords(move.afterDays)}
            </span>
          </span>
          {move.amountMinor !== null && move.currency ? (
            <Money minor={move.amountMinor} currency={move.currency} />
          ) : null}
          <Time at={move.at} />
        </li>
      ))}
    </ul>
  )
}
