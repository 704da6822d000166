// A trained model: how good it is, what to know about it, what it goes by, and what was left out.
import { Table, Text } from '@mantine/core'
import type { PredictiveModel } from '../../../../src/projections/score/prediction/contract.ts'
import { Columns } from '../../../ui/charts/columns.tsx'
import { formatNumber } from '../../../ui/format.ts'
import { Section } from '../../../ui/section.tsx'
import { Stat, Stats } from '../../../ui/stat.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { CalibrationPlot } from './calibration-plot.tsx'
import { oddsWords, percent } from './odds.ts'
import classes from './predictive.module.css'

type Model = NonNullable<NonNullable<PredictiveModel['training']>['model']>

export function ModelSections({ model }: { model: Model }) {
  const test = model.temporal ?? model.crossValidation
  const where = model.temporal ? 'on the newest 30 % of leads' : 'on leads drawn by chance'
  return (
    <>
      <Stats>
        <Stat
          label="Leads"
          value={formatNumber(model.leads)}
          note={`${formatNumber(model.conversions)} converted`}
        />
        <Stat label="AUC" value={figure(test.auc)} note={`${where}; chance is 0.5`} />
        <Stat label="PR-AUC" value={figure(test.prAuc)} note={`chance is ${figure(test.observed)}`} />
        <Stat
          label="Brier score"
          value={figure(test.brier)}
          note={`the rate alone: ${figure(test.observed * (1 - test.observed))}`}
        />
      </Stats>
      <FindingsSection findings={findingsBesideLeaks(model)} />
      <Section
        title="Calibration"
        about={`What was expected and what came, ${where}: on the line both agree. In all, ${percent(test.expected)} were expected and ${percent(test.observed)} converted.`}
      >
        <CalibrationPlot bands={test.calibration} />
      </Section>
      <Section
        title="Lift by tenth"
        about={`Leads ${model.temporal ? 'of the newest 30 % ' : ''}by falling chance, a tenth each: how many times as many converted as on average.`}
      >
        <Columns
          label="Lift by tenth"
          formatAxis={(value) => `${value}×`}
          columns={test.lift.map(({ decile, rate, lift, captured, rows }) => ({
            id: String(decile),
            label: String(decile),
            told: `Tenth ${decile}, ${formatNumber(rows)} leads: ${percent(rate)} converted, ${lift.toFixed(2)} times the average; ${percent(captured)} of all conversions down to here`,
            value: lift,
            isPartial: false,
          }))}
        />
      </Section>
      <CoefficientsSection model={model} />
      <LeaksSection model={model} />
      <FeaturesSection model={model} />
    </>
  )
}

// Columns that were left out are told below, by themselves.
function findingsBesideLeaks({ findings, leaks }: Model): string[] {
  return findings.filter((finding) => !leaks.some(({ sentence }) => sentence === finding))
}

function FindingsSection({ findings }: { findings: string[] }) {
  return (
    <Section title="What to know" about="Drift and calibration, as the tests of this training found them.">
      {findings.length === 0 ? (
        <Text c="dimmed">Nothing stands out: no drift, no leak, and as many converted as were expected.</Text>
      ) : (
        <ul className={classes.findings}>
          {findings.map((finding) => (
            <li key={finding}>{finding}</li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function CoefficientsSection({ model }: { model: Model }) {
  const shown = model.coefficients.slice(0, 15)
  const most = Math.max(1e-9, ...shown.map(({ logOdds }) => Math.abs(logOdds)))
  return (
    <Section
      title="What it goes by"
      about="The strongest weights, everything else being equal; of numbers for one standard deviation more."
    >
      <ul className={classes.weights} aria-label="Strongest weights">
        {shown.map(({ words, logOdds }) => (
          <li key={words}>
            <span>{words}</span>
            <span className={classes.track} aria-hidden>
              <span data-sign={Math.sign(logOdds)} style={{ width: `${(Math.abs(logOdds) / most) * 50}%` }} />
            </span>
            <span className={classes.figure}>{oddsWords(logOdds)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function LeaksSection({ model }: { model: Model }) {
  if (model.leaks.length === 0) {
    return (
      <Section title="Left out as leaks">
        <EmptyState compact title="No leaking column">
          No column tells the outcome in a way that only the outcome itself can explain.
        </EmptyState>
      </Section>
    )
  }
  return (
    <Section
      title="Left out as leaks"
      about={
        model.aucWithLeaks === null
          ? 'Filled in by the outcome itself.'
          : `Filled in by the outcome itself. With them the AUC would read ${figure(model.aucWithLeaks)}, which open leads cannot keep.`
      }
    >
      <ul className={classes.findings}>
        {model.leaks.map(({ column, sentence }) => (
          <li key={column}>{sentence}</li>
        ))}
      </ul>
    </Section>
  )
}

function FeaturesSection({ model }: { model: Model }) {
  return (
    <Section title="All that was looked at" about="As it stood at a moment before the outcome.">
      <details>
        <summary className={classes.summary}>{formatNumber(model.features.length)} columns</summary>
        <Table.ScrollContainer minWidth={480} mt={8}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Column</Table.Th>
                <Table.Th className={classes.figure}>Filled</Table.Th>
                <Table.Th>Used</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {model.features.map(({ column, filled, isUsed, note }) => (
                <Table.Tr key={column}>
                  <Table.Td>{column}</Table.Td>
                  <Table.Td className={classes.figure}>{percent(filled)}</Table.Td>
                  <Table.Td>
                    {isUsed ? 'yes' : 'no'}
                    {note ? `: ${note}` : ''}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </details>
    </Section>
  )
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}
