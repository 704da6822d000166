// Settings of the predictive model: what is predicted, how good it is, what it goes by, and training it now.
import { Button, SegmentedControl, Text } from '@mantine/core'
import { IconBrain, IconHourglass } from '@tabler/icons-react'
import { useState } from 'react'
import {
  getPredictiveModel,
  setPredictiveTarget,
  targetWords,
  trainPredictiveModel,
} from '../../../../src/projections/score/prediction/contract.ts'
import type { PredictiveModel, Target } from '../../../../src/projections/score/prediction/contract.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { formatNumber } from '../../../ui/format.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import { Answer, EmptyState } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import { useMay } from '../../../workspace.ts'
import { ModelSections } from './model.tsx'
import classes from './predictive.module.css'

/** While a training is waited for. */
const waitingMs = 1_500

/** A training that was asked for, and the one before it. */
interface Waiting {
  before: string | undefined
}

export function PredictiveSettings() {
  const mayWrite = useMay('settings.write')
  const [waiting, setWaiting] = useState<Waiting>()
  const found = useCall(getPredictiveModel, {}, waiting ? { refetchMs: waitingMs } : { refetchMs: 60_000 })
  const trainedAt = found.data?.training?.trainedAt
  if (waiting && trainedAt !== waiting.before) setWaiting(undefined)
  const train = useWrite(trainPredictiveModel, {
    onDone: () => {
      setWaiting({ before: trainedAt })
      showDone('The training has begun. This page shows what comes of it.')
    },
  })
  const choose = useWrite(setPredictiveTarget, {
    stale: [getPredictiveModel],
    onDone: () => setWaiting({ before: trainedAt }),
  })
  return (
    <>
      <PageHeader
        title="Predictive model"
        about="How likely each lead is to convert within 90 days, learnt from what your own leads did. It is learnt anew every Sunday night."
        actions={
          mayWrite ? (
            <Button
              variant="default"
              loading={train.isPending || waiting !== undefined}
              onClick={() => train.mutate({})}
            >
              Train now
            </Button>
          ) : null
        }
      />
      <Answer of={found}>
        {({ target, training }) => (
          <div className={classes.page}>
            <TargetSection
              target={target}
              isReadOnly={!mayWrite || choose.isPending}
              onChoose={(chosen) => choose.mutate({ body: { target: chosen } })}
            />
            {training ? (
              <TrainingSections training={training} />
            ) : (
              <EmptyState icon={IconBrain} title="Nothing was learnt yet" compact>
                That happens next Sunday night, or at once with “Train now”. Until then leads have their score
                by rules.
              </EmptyState>
            )}
          </div>
        )}
      </Answer>
    </>
  )
}

interface TargetProps {
  target: Target
  isReadOnly: boolean
  onChoose: (target: Target) => void
}

function TargetSection({ target, isReadOnly, onChoose }: TargetProps) {
  return (
    <Section
      title="What is predicted"
      about={`The chance of a known lead to ${targetWords[target]} within 90 days. Another choice is learnt at once.`}
    >
      <SegmentedControl
        aria-label="What is predicted"
        value={target}
        disabled={isReadOnly}
        onChange={(value) => onChoose(value === 'opportunity' ? 'opportunity' : 'order')}
        data={[
          { value: 'order', label: 'First paid order' },
          { value: 'opportunity', label: 'Opportunity' },
        ]}
      />
    </Section>
  )
}

function TrainingSections({ training }: { training: NonNullable<PredictiveModel['training']> }) {
  const { verdict, sentence, trainedAt, counted, model } = training
  const looked = (
    <>
      {model ? 'Learnt' : 'Looked at'} <Time at={trainedAt} />: {formatNumber(counted.open)} leads count;{' '}
      {formatNumber(counted.censored)} are left aside since their 90 days are not over, and{' '}
      {formatNumber(counted.converted)} since they had converted before.
    </>
  )
  if (!model) {
    return (
      <Section title="State" about={looked}>
        <EmptyState
          icon={IconHourglass}
          compact
          title={verdict === 'too_little_data' ? 'Too little data yet' : 'Nothing to learn from'}
        >
          {sentence}
        </EmptyState>
      </Section>
    )
  }
  return (
    <>
      <Section title="State" about={looked}>
        <Text>{sentence}</Text>
      </Section>
      <ModelSections model={model} />
    </>
  )
}
