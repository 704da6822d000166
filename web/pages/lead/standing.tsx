// Where the lead stands, under its name: stage, score, health and value, each leading to what it is made of.
import { Button, UnstyledButton } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { journeyStatistics } from '../../../src/projections/journey/contract.ts'
import type { JourneyStatistics } from '../../../src/projections/journey/contract.ts'
import { currentStage, stageLabels } from '../../../src/projections/lifecycle/contract.ts'
import { getScore } from '../../../src/projections/score/contract.ts'
import { useCall } from '../../queries.ts'
import { Money } from '../../ui/money.tsx'
import { TemperatureBadge } from '../../ui/score.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { NOTHING_OPENED } from './address.ts'
import type { leadTabs } from './address.ts'
import { bandNames } from './journey-words.ts'
import { MoveDialog } from './move-dialog.tsx'
import classes from './standing.module.css'

const refetchMs = 15_000

export function Standing({ lead }: { lead: LeadDetail }) {
  const params = { id: lead.id }
  const stage = useCall(currentStage, { params }, { refetchMs })
  const score = useCall(getScore, { params }, { refetchMs })
  const journey = useCall(journeyStatistics, { params }, { refetchMs })
  const mayWrite = useMay('leads.write')
  const [isMoving, setMoving] = useState(false)
  return (
    <div className={classes.root} role="group" aria-label="Where the lead stands">
      <Cell label="Stage" tab="journey" isFailed={stage.isError}>
        {stage.data ? (
          <>
            <span className={classes.value}>{stageLabels[stage.data.stage]}</span>
            <span className={classes.note}>
              since <Time at={stage.data.since} />
            </span>
          </>
        ) : null}
      </Cell>
      {mayWrite && stage.data ? (
        <Button className={classes.move} size="compact-xs" variant="default" onClick={() => setMoving(true)}>
          Move…
        </Button>
      ) : null}
      <Cell label="Score" tab="score" isFailed={score.isError}>
        {score.data ? (
          <>
            <span className={classes.value}>
              {score.data.total === null ? '–' : `${Math.round(score.data.total)} ${score.data.grade ?? ''}`}
            </span>
            <span className={classes.note}>
              <TemperatureBadge temperature={score.data.temperature} />
            </span>
          </>
        ) : null}
      </Cell>
      <Cell label="Health" tab="journey" isFailed={journey.isError}>
        {journey.data ? <HealthNow {...journey.data} /> : null}
      </Cell>
      <Cell label="Lifetime value" tab="journey" isFailed={journey.isError}>
        {journey.data ? <ValueNow {...journey.data} /> : null}
      </Cell>
      {isMoving && stage.data ? (
        <MoveDialog lead={lead} stage={stage.data.stage} onClose={() => setMoving(false)} />
      ) : null}
    </div>
  )
}

function HealthNow({ health, churn, disengagement }: JourneyStatistics) {
  const risk = churn ?? disengagement
  return (
    <>
      <span className={classes.value} data-band={health.band ?? undefined}>
        {health.score === null ? '–' : `${Math.round(health.score)} ${bandNames[health.band ?? 'watch']}`}
      </span>
      <span className={classes.note}>
        {risk
          ? `${Math.round(risk.risk * 100)}% ${churn ? 'churn' : 'silence'} in ${risk.horizonDays} days`
          : `${Math.round(health.coverage * 100)}% of it known`}
      </span>
    </>
  )
}

function ValueNow({ value, currency }: JourneyStatistics) {
  return (
    <>
      <span className={classes.value}>
        {value.historicMinor === null ? '–' : <Money minor={value.historicMinor} currency={currency} />}
      </span>
      <span className={classes.note}>
        {value.predicted ? (
          <>
            + <Money minor={value.predicted.valueMinor} currency={currency} /> ahead
          </>
        ) : value.historicMinor === null ? (
          'no order yet'
        ) : (
          'until now'
        )}
      </span>
    </>
  )
}

interface CellProps {
  label: string
  tab: (typeof leadTabs)[number]
  isFailed: boolean
  children: ReactNode
}

function Cell({ label, tab, isFailed, children }: CellProps) {
  const navigate = useNavigate()
  const open = () =>
    void navigate({
      from: '/w/$workspace/leads/$id',
      to: '.',
      search: (before) => ({ ...before, ...NOTHING_OPENED, tab }),
      state: (before) => before,
      replace: true,
      resetScroll: false,
    })
  return (
    <UnstyledButton className={classes.cell} onClick={open}>
      <span className={classes.label}>{label}</span>
      {children ?? <span className={classes.note}>{isFailed ? 'Cannot be read now' : 'Being read…'}</span>}
    </UnstyledButton>
  )
}
