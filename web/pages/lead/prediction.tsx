// The chance of the lead to convert, beside its score by rules: what speaks for it and what against.
import { Text } from '@mantine/core'
import { getPrediction } from '../../../src/projections/score/prediction/contract.ts'
import type { Prediction } from '../../../src/projections/score/prediction/contract.ts'
import { useCall } from '../../queries.ts'
import { TextLink } from '../../ui/links.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { oddsWords, percent } from '../settings/predictive/odds.ts'
import classes from './understanding.module.css'

/** Told one by one; the others together. */
const TOLD = 6

export function PredictionSection({ leadId }: { leadId: string }) {
  const mayRead = useMay('settings.read')
  const found = useCall(getPrediction, { params: { id: leadId } }, { refetchMs: 60_000 })
  return (
    <Answer of={found}>
      {({ sentence, prediction }) =>
        prediction ? (
          <Section
            title="Chance to convert"
            about={
              <>
                {sentence} The average lead has {percent(prediction.baseChance)}; learnt{' '}
                <Time at={prediction.trainedAt} />.
              </>
            }
            actions={<span className={classes.figure}>{percent(prediction.chance)}</span>}
            flush
          >
            <Reasons {...prediction} />
          </Section>
        ) : (
          <Section title="Chance to convert">
            <Text c="dimmed">
              {sentence}{' '}
              {mayRead ? (
                <TextLink
                  underline="always"
                  from="/w/$workspace/leads/$id"
                  to="/w/$workspace/settings/predictive"
                >
                  Predictive model
                </TextLink>
              ) : null}
            </Text>
          </Section>
        )
      }
    </Answer>
  )
}

function Reasons({ reasons, others }: NonNullable<Prediction['prediction']>) {
  const told = reasons.slice(0, TOLD)
  const rest = reasons.slice(TOLD).reduce((sum, { logOdds }) => sum + logOdds, others.logOdds)
  const count = reasons.length - told.length + others.features
  return (
    <ul className={classes.lines} data-flush aria-label="What speaks for and against">
      {told.map(({ words, logOdds }) => (
        <Line key={words} words={words} logOdds={logOdds} />
      ))}
      {count > 0 ? <Line words={`${count} weaker ones together`} logOdds={rest} /> : null}
    </ul>
  )
}

function Line({ words, logOdds }: { words: string; logOdds: number }) {
  return (
    <li>
      <div className={classes.line}>
        <span className={classes.grow}>{words}</span>
        <span className={classes.points} data-sign={Math.sign(logOdds)}>
          {oddsWords(logOdds)}
        </span>
      </div>
    </li>
  )
}
