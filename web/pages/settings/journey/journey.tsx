// Settings of risk and value: how far ahead both look, and what was learned of buyers and visitors, with how far it can be trusted.
import { Button, Text } from '@mantine/core'
import { IconHourglass, IconRoute } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import {
  getJourneyModel,
  learnJourneyModel,
  setJourneySettings,
} from '../../../../src/projections/journey/contract.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import { Answer, EmptyState } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import { useMay } from '../../../workspace.ts'
import classes from './journey.module.css'
import { JourneySettingsForm } from './form.tsx'
import { LearnedSections } from './learned.tsx'

export type Learned = NonNullable<ReplyOf<typeof getJourneyModel>['model']>

/** While learning is waited for. */
const waitingMs = 1_500

export function JourneySettingsPage() {
  const mayWrite = useMay('settings.write')
  const [waiting, setWaiting] = useState<{ before: string | undefined }>()
  const found = useCall(getJourneyModel, {}, { refetchMs: waiting ? waitingMs : 60_000 })
  const learnedAt = found.data?.model?.learnedAt
  if (waiting && learnedAt !== waiting.before) setWaiting(undefined)
  const wait = () => setWaiting({ before: learnedAt })
  const learn = useWrite(learnJourneyModel, {
    onDone: () => {
      wait()
      showDone('Learning has begun. This page shows what comes of it.')
    },
  })
  const save = useWrite(setJourneySettings, {
    stale: [getJourneyModel],
    onDone: () => {
      wait()
      showDone('Saved. Risks and values are worked out anew in the background.')
    },
  })
  return (
    <>
      <PageHeader
        title="Risk and value"
        about="How likely buyers are to stay away, and what they will bring: learnt each night from your own orders. Nothing is foretold from too little."
        actions={
          mayWrite ? (
            <Button
              variant="default"
              loading={learn.isPending || waiting !== undefined}
              onClick={() => learn.mutate({})}
            >
              Learn now
            </Button>
          ) : null
        }
      />
      <Answer of={found}>
        {({ settings, model }) => (
          <>
            <JourneySettingsForm
              key={JSON.stringify(settings)}
              settings={settings}
              isReadOnly={!mayWrite}
              isBusy={save.isPending}
              onSave={(body) => save.mutate({ body })}
            />
            {model ? (
              <>
                <Section
                  title="State"
                  about={
                    <>
                      Learnt <Time at={model.learnedAt} />.
                    </>
                  }
                >
                  <ul className={classes.sentences}>
                    {[
                      ...new Set([model.value.sentence, model.churn.sentence, model.disengagement.sentence]),
                    ].map((sentence) => (
                      <li key={sentence}>{sentence}</li>
                    ))}
                  </ul>
                </Section>
                <LearnedSections model={model} />
              </>
            ) : (
              <EmptyState
                icon={waiting ? IconHourglass : IconRoute}
                compact
                title={waiting ? 'Learning now' : 'Nothing was learnt yet'}
              >
                <Text span inherit>
                  That happens tonight, or at once with “Learn now”. Until then leads have a history and no
                  forecast.
                </Text>
              </EmptyState>
            )}
          </>
        )}
      </Answer>
    </>
  )
}
