// Settings of attribution: what is counted and how credit is shared, tried on all leads before it is adopted; rates and spend.
import { Button, Group as Row, Text } from '@mantine/core'
import { useState } from 'react'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import {
  adoptAttributionSettings,
  attributionSettingsSchema,
  getAttributionSettings,
  learnAttribution,
  listAttributionWhatIfs,
  tryAttributionSettings,
} from '../../../../src/projections/attribution/contract.ts'
import type { AttributionSettings } from '../../../../src/projections/attribution/contract.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { formatNumber } from '../../../ui/format.ts'
import { goalName } from '../../../ui/goal-name.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import { Answer } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import { inForceWords } from '../../../ui/versions.ts'
import { useMay } from '../../../workspace.ts'
import classes from './attribution.module.css'
import { SettingsForm } from './form.tsx'
import { OrdersSection } from './orders.tsx'
import { RatesSection } from './rates.tsx'
import { SpendSection } from './spend.tsx'
import { TriesSection } from './tries.tsx'

type Standing = ReplyOf<typeof getAttributionSettings>

export function AttributionSettingsPage() {
  const found = useCall(getAttributionSettings, {}, { staleMs: 60_000 })
  return (
    <>
      <PageHeader
        title="Attribution"
        about="What counts as a conversion, which touches earn credit for it, and how they share it. Credit says what came before, not what caused it."
        aside={found.data ? <Text c="dimmed">{inForceWords(found.data.version)}</Text> : null}
      />
      <Answer of={found}>{(standing) => <Editor key={standing.version} standing={standing} />}</Answer>
    </>
  )
}

function Editor({ standing }: { standing: Standing }) {
  const mayWrite = useMay('settings.write')
  const [settings, setSettings] = useState<AttributionSettings>(standing.settings)
  const isChanged = JSON.stringify(settings) !== JSON.stringify(standing.settings)
  const problem = attributionSettingsSchema.safeParse(settings).error?.issues[0]
  const adopt = useWrite(adoptAttributionSettings, {
    stale: [getAttributionSettings],
    onDone: ({ version }) =>
      showDone(`Version ${version} is in force; the credit of leads follows in the background.`),
  })
  const attempt = useWrite(tryAttributionSettings, { stale: [listAttributionWhatIfs] })
  return (
    <div className={classes.page}>
      <SettingsForm settings={settings} isReadOnly={!mayWrite} onChange={setSettings} />
      <TriesSection inForce={standing.version} mayWrite={mayWrite} />
      <LearnedSection standing={standing} mayWrite={mayWrite} />
      <OrdersSection settings={standing.settings} mayWrite={mayWrite} />
      <SpendSection currency={standing.currency} mayWrite={mayWrite} />
      <RatesSection mayWrite={mayWrite} />
      <Section title="Versions" flush>
        <ul className={classes.list}>
          {standing.versions.map(({ version, adoptedAt, note }) => (
            <li key={version}>
              <Text>
                {version === 0 ? 'The defaults' : `Version ${version}`}
                {version === standing.version ? ', in force' : ''}
                {note ? `: ${note}` : ''}
              </Text>
              <Text c="dimmed">{adoptedAt ? <Time at={adoptedAt} /> : null}</Text>
            </li>
          ))}
        </ul>
      </Section>
      {mayWrite && isChanged ? (
        <div className={classes.changes} role="region" aria-label="Changed settings">
          <Text>
            {problem
              ? `Not complete yet: ${problem.path.join(', ')} ${problem.message}.`
              : 'Changed; credit goes by the settings in force until you adopt these.'}
          </Text>
          <Row gap={8}>
            <Button variant="subtle" color="gray" onClick={() => setSettings(standing.settings)}>
              Discard
            </Button>
            <Button
              variant="default"
              disabled={problem !== undefined}
              loading={attempt.isPending}
              onClick={() => attempt.mutate({ body: { settings } })}
            >
              Try on all leads
            </Button>
            <Button
              disabled={problem !== undefined}
              loading={adopt.isPending}
              onClick={() => adopt.mutate({ body: { settings, basedOn: standing.version } })}
            >
              Adopt as version {standing.version + 1}
            </Button>
          </Row>
        </div>
      ) : null}
    </div>
  )
}

function LearnedSection({ standing, mayWrite }: { standing: Standing; mayWrite: boolean }) {
  const learn = useWrite(learnAttribution, {
    onDone: () => showDone('The data-driven models learn in the background; reports follow.'),
  })
  return (
    <Section
      title="Data-driven models"
      about="Markov and Shapley learn each night from the journeys of the last year, those that did not convert among them."
      actions={
        mayWrite ? (
          <Button size="xs" variant="default" loading={learn.isPending} onClick={() => learn.mutate({})}>
            Learn now
          </Button>
        ) : undefined
      }
    >
      {standing.learned.length === 0 ? (
        <Text c="dimmed">They have not learned yet.</Text>
      ) : (
        standing.learned.map(({ goal, learnedAt, journeys, conversions }) => (
          <Text key={goal}>
            {goalName(goal)}: <Time at={learnedAt} />, from {formatNumber(journeys)} journeys with{' '}
            {formatNumber(conversions)} conversions
          </Text>
        ))
      )}
    </Section>
  )
}
