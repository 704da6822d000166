// The score of the lead: its five parts, and every rule with its points and the events behind them.
import { Badge, Button, Text } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { eventLabel } from '../../../src/events/contract.ts'
import { getScore } from '../../../src/projections/score/contract.ts'
import type { Score } from '../../../src/projections/score/contract.ts'
import { useCall } from '../../queries.ts'
import { TemperatureBadge } from '../../ui/score.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { Bar } from './journey.tsx'
import { PredictionSection } from './prediction.tsx'
import { ScoreHistorySection } from './score-history.tsx'
import classes from './understanding.module.css'
import { useLeadAddress } from './use-lead-address.ts'

const dimensionNames: Record<Score['components'][number]['dimension'], string> = {
  demographic: 'Person',
  firmographic: 'Company',
  behavioural: 'Behaviour',
  engagement: 'Engagement',
  intent: 'Intent',
}
const placeNames: Record<Score['reasons'][number]['place'], string> = {
  ...dimensionNames,
  deductions: 'Taken off',
  limits: 'Held within 0 and 100',
}

export function ScoreTab({ lead }: { lead: LeadDetail }) {
  const score = useCall(getScore, { params: { id: lead.id } }, { refetchMs: 15_000 })
  return (
    <div className={classes.sections}>
      <Answer of={score}>
        {(data) => (
          <>
            <PartsSection {...data} />
            <PredictionSection leadId={lead.id} />
            <ReasonsSection {...data} />
            <ScoreHistorySection leadId={lead.id} />
          </>
        )}
      </Answer>
    </div>
  )
}

function PartsSection({ total, grade, temperature, confidence, components, deductions, ruleVersion }: Score) {
  return (
    <Section
      title="Score"
      about={`By the rules of version ${ruleVersion}; ${Math.round(confidence * 100)}% of what they ask for is known.`}
      actions={
        <span className={classes.figure}>
          {total === null ? '–' : Math.round(total)} {grade ? <Badge color="gray">{grade}</Badge> : null}{' '}
          <TemperatureBadge temperature={temperature} />
        </span>
      }
    >
      <ul className={classes.bars} aria-label="Parts of the score">
        {components.map(({ dimension, value, share }) => (
          <li key={dimension} className={classes.bar}>
            <span className={classes.barName}>{dimensionNames[dimension]}</span>
            <Bar share={value === null ? null : value / 100} />
            <span className={classes.barValue}>{value === null ? 'not known' : value.toFixed(1)}</span>
            <span className={classes.small}>decides {Math.round(share * 100)}%</span>
          </li>
        ))}
      </ul>
      {deductions < 0 ? (
        <Text c="dimmed" mt={8}>
          {deductions.toFixed(1)} taken off.
        </Text>
      ) : null}
    </Section>
  )
}

function ReasonsSection({ reasons, total }: Score) {
  const { why: opened } = useSearch({ from: '/w/$workspace/leads/$id' })
  const setOpened = useLeadAddress()
  return (
    <Section title="Why" about="Points of each rule; they add up to the score." flush={reasons.length > 0}>
      {reasons.length === 0 ? (
        <EmptyState compact title={total === null ? 'Nothing is known yet' : 'No points yet'}>
          As soon as this person does something or more is known of them, each point is explained here.
        </EmptyState>
      ) : (
        <ul className={classes.lines} data-flush aria-label="Reasons">
          {reasons.map((reason) => {
            const key = `${reason.place} ${reason.rule.id}`
            const isOpen = opened === key
            return (
              <li key={key}>
                <div className={classes.line}>
                  <span className={classes.grow}>
                    <span className={classes.strong}>{reason.rule.name}</span>
                    <span className={classes.small}>
                      {placeNames[reason.place]}
                      {reason.eventCount > 0
                        ? ` · ${reason.eventCount} ${reason.eventCount === 1 ? 'event' : 'events'}`
                        : ''}
                    </span>
                  </span>
                  {reason.events.length > 0 ? (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      color="gray"
                      aria-expanded={isOpen}
                      onClick={() => setOpened({ why: isOpen ? undefined : key })}
                    >
                      {isOpen ? 'Hide' : 'Events'}
                    </Button>
                  ) : null}
                  <span className={classes.points} data-sign={Math.sign(reason.points)}>
                    {reason.points > 0 ? '+' : ''}
                    {reason.points.toFixed(1)}
                  </span>
                </div>
                {isOpen ? (
                  <ul className={classes.inner}>
                    {reason.events.map((event) => (
                      <li key={event.eventId} className={classes.line}>
                        <span className={classes.grow}>{eventLabel(event.name)}</span>
                        <Time at={event.at} />
                        <span className={classes.points}>{event.points.toFixed(2)}</span>
                      </li>
                    ))}
                  </ul>
                ) : null}
              </li>
            )
          })}
        </ul>
      )}
    </Section>
  )
}
