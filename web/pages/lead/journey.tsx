// The journey of the lead: stage, health with what it is made of, value, and the moments worth telling.
import { Badge, Text } from '@mantine/core'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import type { ReplyOf } from '../../../src/lib/endpoint.ts'
import { getJourney } from '../../../src/projections/journey/contract.ts'
import type { JourneyStatistics } from '../../../src/projections/journey/contract.ts'
import { useCall } from '../../queries.ts'
import { formatDay } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { CreditSection } from './credit.tsx'
import { bandNames, componentNames, riskNames, trendNames } from './journey-words.ts'
import { StageSection } from './stage.tsx'
import classes from './understanding.module.css'

export function JourneyTab({ lead }: { lead: LeadDetail }) {
  const journey = useCall(getJourney, { params: { id: lead.id } }, { refetchMs: 15_000 })
  return (
    <div className={classes.sections}>
      <StageSection lead={lead} />
      <Answer of={journey}>
        {(data) => (
          <>
            <HealthSection {...data.statistics} />
            <ValueSection {...data.statistics} />
            <MilestoneSection journey={data} />
          </>
        )}
      </Answer>
      <CreditSection leadId={lead.id} />
    </div>
  )
}

function HealthSection({ health, churn, disengagement, riskSentence, trend, value }: JourneyStatistics) {
  const risk = churn ?? disengagement
  return (
    <Section
      title="Health"
      about={
        health.score === null
          ? `Not shown: only ${Math.round(health.coverage * 100)}% of what it is made of is known.`
          : `Made of ${Math.round(health.coverage * 100)}% of what it asks for.`
      }
      actions={
        health.score === null || health.band === null ? undefined : (
          <span className={classes.figure} data-band={health.band}>
            {Math.round(health.score)} {bandNames[health.band]}
          </span>
        )
      }
    >
      <ul className={classes.bars} aria-label="What health is made of">
        {health.components.map(({ name, weight, value }) => (
          <li key={name} className={classes.bar}>
            <span className={classes.barName}>{componentNames[name]}</span>
            <Bar share={value} />
            <span className={classes.barValue}>
              {value === null ? 'not known' : `${Math.round(value * 100)} of 100`}
            </span>
            <span className={classes.small}>weighs {Math.round(weight * 100)}%</span>
          </li>
        ))}
      </ul>
      <dl className={classes.pairs}>
        <div>
          <dt>{value.historicMinor === null ? 'Disengagement risk' : 'Churn risk'}</dt>
          <dd>
            {risk ? (
              <>
                {Math.round(risk.risk * 100)}% in {risk.horizonDays} days{' '}
                <Badge size="xs" color={{ low: 'green', medium: 'yellow', high: 'red' }[risk.band]}>
                  {riskNames[risk.band]}
                </Badge>
              </>
            ) : (
              '–'
            )}
            <div className={classes.small}>{riskSentence}</div>
          </dd>
        </div>
        <div>
          <dt>Engagement</dt>
          <dd>
            {trendNames[trend.trend]}
            <div className={classes.small}>{trend.sentence}</div>
          </dd>
        </div>
      </dl>
    </Section>
  )
}

function ValueSection({ value, currency, rfm, learnedAt }: JourneyStatistics) {
  const { predicted } = value
  return (
    <Section
      title="Lifetime value"
      about="Merchandise that was paid for and kept: without tax and shipping, refunds taken off."
      actions={rfm ? <Badge color="gray">{rfm.segment}</Badge> : undefined}
    >
      <dl className={classes.pairs}>
        <div>
          <dt>Until now</dt>
          <dd>
            {value.historicMinor === null ? (
              'No order yet'
            ) : (
              <>
                <Money minor={value.historicMinor} currency={currency} />
                <div className={classes.small}>
                  {value.orders} {value.orders === 1 ? 'day with an order' : 'days with an order'}
                  {value.lastOrderOn ? `, the last on ${formatDay(value.lastOrderOn)}` : ''}
                </div>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>{predicted ? `In the next ${predicted.horizonDays} days` : 'Ahead'}</dt>
          <dd>
            {predicted ? (
              <>
                <Money minor={predicted.valueMinor} currency={currency} />
                <div className={classes.small}>
                  {predicted.expectedOrders.toFixed(1)} orders of{' '}
                  <Money minor={predicted.spendMinor} currency={currency} />
                  {predicted.nextOrderOn ? `, the next about ${formatDay(predicted.nextOrderOn)}` : ''}
                </div>
              </>
            ) : (
              '–'
            )}
            {value.historicMinor === null ? null : <div className={classes.small}>{value.sentence}</div>}
          </dd>
        </div>
        {rfm ? (
          <div>
            <dt>Among buyers</dt>
            <dd>
              Recency {rfm.r}, frequency {rfm.f}, value {rfm.m}
              <div className={classes.small}>
                5 is best: the fifth of buyers that ordered latest, most, for most
              </div>
            </dd>
          </div>
        ) : null}
      </dl>
      {learnedAt && predicted ? (
        <Text fz="xs" c="dimmed" mt={8}>
          Learned from this workspace’s orders <Time at={learnedAt} />. {value.warnings.join(' ')}
        </Text>
      ) : null}
    </Section>
  )
}

function MilestoneSection({ journey }: { journey: ReplyOf<typeof getJourney> }) {
  const { milestones, weeks, activeDays } = journey
  const busiest = Math.max(1, ...weeks.map((week) => week.activeDays))
  return (
    <Section
      title="Milestones"
      about={
        activeDays === 0
          ? 'Nothing that this person did is known yet.'
          : `${activeDays} ${activeDays === 1 ? 'day' : 'days'} with something done.`
      }
    >
      {weeks.length > 1 ? (
        <div
          className={classes.weeks}
          role="img"
          aria-label={`Active days in each of ${weeks.length} weeks, up to ${busiest} a week`}
        >
          {weeks.map((week) => (
            <span
              key={week.startsOn}
              data-order={week.orderDays > 0 || undefined}
              style={{ height: `${(100 * week.activeDays) / busiest}%` }}
              title={`Week of ${formatDay(week.startsOn)}: ${week.activeDays} active ${week.activeDays === 1 ? 'day' : 'days'}${week.orderDays > 0 ? `, ${week.orderDays} with an order` : ''}`}
            />
          ))}
        </div>
      ) : null}
      {milestones.length === 0 ? null : (
        <ul className={classes.lines} aria-label="Milestones">
          {milestones.toReversed().map(({ kind, label, at, eventId, orderId }) => (
            <li key={`${kind} ${at} ${eventId ?? orderId ?? ''}`} className={classes.line}>
              <span className={classes.grow}>{label}</span>
              <Time at={at} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

/** @param share 0 to 1; null where it is not known */
export function Bar({ share }: { share: number | null }) {
  return (
    <span className={classes.track} data-unknown={share === null || undefined} aria-hidden>
      <span style={{ width: `${Math.max(0, Math.min(1, share ?? 0)) * 100}%` }} />
    </span>
  )
}
