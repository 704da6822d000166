// What was learned of buyers and visitors: models, their parameters, and how well they told what came.
import { formatMoney } from '../../../../src/lib/money.ts'
import { formatNumber } from '../../../ui/format.ts'
import { Section } from '../../../ui/section.tsx'
import { Stat, Stats } from '../../../ui/stat.tsx'
import type { Learned } from './journey.tsx'
import classes from './journey.module.css'

const models: Record<string, string> = {
  mbg_nbd: 'MBG/NBD',
  bg_nbd: 'BG/NBD',
  pareto_nbd: 'Pareto/NBD',
  nbd: 'NBD, without leaving',
}

const methods: Record<string, string> = {
  closed_form: 'The model of repeat buying alone',
  recalibrated: 'The model, adjusted to what the last horizon brought',
  regression: 'The model, and how each buyer ordered lately',
}

export function LearnedSections({ model }: { model: Learned }) {
  const { value, churn, disengagement, currency } = model
  const money = (minor: number | null) => (minor === null ? '–' : formatMoney(Math.round(minor), currency))
  return (
    <>
      <Section
        title="Lifetime value"
        about={`What a buyer is expected to bring within ${formatNumber(value.horizonDays)} days, at ${percent(value.margin)} of revenue.`}
      >
        <Stats>
          <Stat
            label="Buyers"
            value={formatNumber(value.buyers)}
            note={`${formatNumber(value.historyDays)} days of history`}
          />
          <Stat label="A day with an order" value={money(value.meanOrderMinor)} note="the mean, net" />
          <Stat label="A buyer until now" value={money(value.meanBuyerMinor)} note="the mean, net" />
        </Stats>
        {value.warnings.length > 0 ? (
          <ul className={classes.sentences}>
            {value.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        ) : null}
        {value.name && value.parameters ? (
          <dl className={classes.parameters}>
            <dt>Repeat buying</dt>
            <dd>
              {models[value.name] ?? value.name}: {parametersOf(value.parameters)}
            </dd>
            <dt>Worth of an order</dt>
            <dd>
              {value.spend?.name === 'gamma_gamma'
                ? `Gamma-gamma: ${parametersOf(value.spend.parameters ?? {})}`
                : 'Each buyer’s own mean, drawn towards that of the shop'}
            </dd>
          </dl>
        ) : null}
      </Section>
      <Section
        title="Churn"
        about={`The chance that a buyer places no order within ${formatNumber(churn.horizonDays)} days.`}
      >
        {churn.method ? (
          <>
            <Stats>
              <Stat label="Horizon" value={`${formatNumber(churn.horizonDays)} days`} />
              <Stat label="AUC" value={figure(churn.auc)} note="on the last horizon; chance is 0.5" />
              <Stat label="Brier score" value={figure(churn.brier)} note="smaller is better" />
            </Stats>
            <p className={classes.how}>{methods[churn.method] ?? churn.method}.</p>
          </>
        ) : (
          <p className={classes.how}>{churn.sentence}</p>
        )}
      </Section>
      <Section
        title="Not coming back"
        about="The chance that somebody who never ordered does nothing within 30 days; it is never mixed with churn."
      >
        {disengagement.auc === null ? (
          <p className={classes.how}>{disengagement.sentence}</p>
        ) : (
          <Stats>
            <Stat label="AUC" value={figure(disengagement.auc)} note="on the last 30 days" />
            <Stat label="Brier score" value={figure(disengagement.brier)} note="smaller is better" />
          </Stats>
        )}
      </Section>
    </>
  )
}

function parametersOf(parameters: Record<string, number>): string {
  return Object.entries(parameters)
    .map(([name, number]) => `${name} ${number.toPrecision(4)}`)
    .join(', ')
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}

function percent(share: number): string {
  return `${formatNumber(Math.round(share * 1000) / 10)} %`
}
