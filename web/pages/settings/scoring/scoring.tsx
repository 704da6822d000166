// Settings of the score: the rules, tried on real leads before they are adopted, and the versions before.
import {
  Alert,
  Button,
  Group as Row,
  Modal,
  NumberInput,
  Progress,
  Select,
  Stack,
  Tabs,
  Text,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import {
  adoptScoreRules,
  dimensions,
  dropScoreDraft,
  getScoreRules,
  getScoreRun,
  saveScoreDraft,
  simulateScoreRules,
} from '../../../../src/projections/score/contract.ts'
import type { ScoreRules } from '../../../../src/projections/score/contract.ts'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import { Answer } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import { inForceWords } from '../../../ui/versions.ts'
import { useMay } from '../../../workspace.ts'
import { useFacts } from '../../leads/facts.ts'
import { OutcomeSection } from './outcome.tsx'
import { RuleList } from './rule-list.tsx'
import classes from './scoring.module.css'
import { dimensionWords } from './words.ts'

const places = [...dimensions, 'deductions', 'limits'] as const

/** Facts that a score cannot ask for, since they follow from it. */
const LATER = /^(score|grade$|temperature$|stage|segment$)/

export function ScoringSettings() {
  const found = useCall(getScoreRules, {}, { staleMs: Infinity })
  return (
    <>
      <PageHeader
        title="Scoring"
        about="What makes a lead worth calling. Every point is explained on the lead’s page by the rule and the events behind it."
        aside={found.data ? <Text c="dimmed">{inForceWords(found.data.version)}</Text> : null}
      />
      <Answer of={found}>
        {(standing) => (
          <Editor key={`${standing.version} ${standing.draft?.savedAt ?? ''}`} standing={standing} />
        )}
      </Answer>
    </>
  )
}

function Editor({ standing }: { standing: ReplyOf<typeof getScoreRules> }) {
  const mayWrite = useMay('settings.write')
  const facts = useFacts().filter(({ name }) => !LATER.test(name))
  const [rules, setRules] = useState<ScoreRules>(standing.draft?.rules ?? standing.rules)
  const [isAdopting, setAdopting] = useState(false)
  const [place, setPlace] = useState<(typeof places)[number]>('demographic')
  const asleep = new Map(standing.asleep.map(({ id, why }) => [id, why]))
  const isChanged = JSON.stringify(rules) !== JSON.stringify(standing.rules)
  const isSaved = JSON.stringify(rules) === JSON.stringify(standing.draft?.rules)
  const simulate = useWrite(simulateScoreRules, { onDone: () => window.scrollTo({ top: 0 }) })
  const save = useWrite(saveScoreDraft, {
    stale: [getScoreRules],
    onDone: () => showDone('The draft is saved.'),
  })
  const drop = useWrite(dropScoreDraft, { stale: [getScoreRules] })
  const setDimension = (
    dimension: (typeof dimensions)[number],
    part: Partial<ScoreRules['dimensions']['intent']>,
  ) =>
    setRules({
      ...rules,
      dimensions: { ...rules.dimensions, [dimension]: { ...rules.dimensions[dimension], ...part } },
    })
  const discard = () => {
    setRules(standing.rules)
    if (standing.draft) drop.mutate({})
  }
  return (
    <div className={classes.page}>
      {standing.run ? <RunProgress run={standing.run} /> : null}
      {simulate.data ? <OutcomeSection outcome={simulate.data} /> : null}
      <Tabs value={place} onChange={(chosen) => setPlace(places.find((one) => one === chosen) ?? 'intent')}>
        <Tabs.List className={classes.tabs}>
          {places.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {one === 'limits' ? 'Grades' : dimensionWords[one].name}
              {one === 'limits' || one === 'deductions' ? null : (
                <Text span c="dimmed" fz="xs">
                  {' '}
                  {Math.round(rules.dimensions[one].weight * 100)} %
                </Text>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {place === 'limits' ? (
        <Limits rules={rules} isReadOnly={!mayWrite} onChange={setRules} />
      ) : place === 'deductions' ? (
        <Section title={dimensionWords.deductions.name} about={dimensionWords.deductions.about} flush>
          <RuleList
            place="deductions"
            rules={rules.deductions}
            facts={facts}
            asleep={asleep}
            isReadOnly={!mayWrite}
            onChange={(deductions) => setRules({ ...rules, deductions })}
          />
        </Section>
      ) : (
        <Section
          title={dimensionWords[place].name}
          about={dimensionWords[place].about}
          flush
          actions={
            <NumberInput
              aria-label={`Weight of ${dimensionWords[place].name}`}
              className={classes.weight}
              size="xs"
              min={0}
              max={100}
              prefix="weight "
              suffix=" %"
              disabled={!mayWrite}
              value={Math.round(rules.dimensions[place].weight * 100)}
              onChange={(value) => setDimension(place, { weight: (Number(value) || 0) / 100 })}
            />
          }
        >
          <RuleList
            key={place}
            place={place}
            rules={rules.dimensions[place].rules}
            facts={facts}
            asleep={asleep}
            isReadOnly={!mayWrite}
            onChange={(list) => setDimension(place, { rules: list })}
          />
        </Section>
      )}
      <Versions standing={standing} />
      {mayWrite && isChanged ? (
        <div className={classes.changes} role="region" aria-label="Changed rules">
          <Text>
            {isSaved ? 'This draft is saved; nobody is scored by it yet.' : 'Changed; not saved yet.'}
          </Text>
          <Row gap={8}>
            <Button variant="subtle" color="gray" onClick={discard} loading={drop.isPending}>
              Discard
            </Button>
            <Button
              variant="default"
              disabled={isSaved}
              loading={save.isPending}
              onClick={() => save.mutate({ body: rules })}
            >
              Save the draft
            </Button>
            <Button
              variant="default"
              loading={simulate.isPending}
              onClick={() => simulate.mutate({ body: rules })}
            >
              Try on real leads
            </Button>
            <Button onClick={() => setAdopting(true)}>Adopt…</Button>
          </Row>
        </div>
      ) : null}
      {isAdopting ? (
        <AdoptDialog rules={rules} basedOn={standing.version} onClose={() => setAdopting(false)} />
      ) : null}
    </div>
  )
}

const gradeNames = { aPlus: 'A+ from', a: 'A from', b: 'B from', c: 'C from' } as const

function Limits({
  rules,
  isReadOnly,
  onChange,
}: {
  rules: ScoreRules
  isReadOnly: boolean
  onChange: (rules: ScoreRules) => void
}) {
  const { grades, temperature } = rules
  const number = (label: string, value: number, put: (value: number) => void, suffix = '') => (
    <NumberInput
      label={label}
      min={0}
      max={suffix ? 365 : 100}
      suffix={suffix}
      disabled={isReadOnly}
      value={value}
      onChange={(given) => put(Number(given) || 0)}
    />
  )
  const setTemperature = (part: Partial<ScoreRules['temperature']>) =>
    onChange({ ...rules, temperature: { ...temperature, ...part } })
  return (
    <Section
      title="Grades and temperature"
      about="Hot takes a high score and a fresh sign of intent; warm a fair score or a visit lately. An opened e-mail alone warms nobody."
    >
      <div className={classes.numbers}>
        {(Object.keys(gradeNames) as (keyof typeof gradeNames)[]).map((grade) => (
          <div key={grade}>
            {number(gradeNames[grade], grades[grade], (value) =>
              onChange({ ...rules, grades: { ...grades, [grade]: value } }),
            )}
          </div>
        ))}
        {number('Hot from', temperature.hotFrom, (hotFrom) => setTemperature({ hotFrom }))}
        {number('and intent within', temperature.hotDays, (hotDays) => setTemperature({ hotDays }), ' days')}
        {number('Warm from', temperature.warmFrom, (warmFrom) => setTemperature({ warmFrom }))}
        {number('or seen within', temperature.warmDays, (warmDays) => setTemperature({ warmDays }), ' days')}
        <Select
          label="Whom nobody saw doing anything"
          allowDeselect={false}
          disabled={isReadOnly}
          data={[
            { value: 'unknown', label: 'is scored by who they are' },
            { value: 'zero', label: 'did nothing: 0 points' },
          ]}
          value={rules.unseen}
          onChange={(unseen) => onChange({ ...rules, unseen: unseen === 'zero' ? 'zero' : 'unknown' })}
        />
      </div>
    </Section>
  )
}

function AdoptDialog({
  rules,
  basedOn,
  onClose,
}: {
  rules: ScoreRules
  basedOn: number
  onClose: () => void
}) {
  const [note, setNote] = useState('')
  const adopt = useWrite(adoptScoreRules, { stale: [getScoreRules], onDone: onClose, quiet: true })
  return (
    <Modal opened onClose={onClose} title="Adopt these rules">
      <Stack gap={16}>
        <Text>
          Every lead is scored anew by them, in the background. What was scored before stays in the history of
          each lead.
        </Text>
        <TextInput
          label="What changed"
          maxLength={300}
          placeholder="Pricing page counts more"
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {adopt.error ? (
          <Alert color="red" title="That did not work" role="alert">
            {adopt.error.message}
          </Alert>
        ) : null}
        <Row justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={adopt.isPending} onClick={() => adopt.mutate({ body: { rules, basedOn, note } })}>
            Adopt as version {basedOn + 1}
          </Button>
        </Row>
      </Stack>
    </Modal>
  )
}

function RunProgress({ run: begun }: { run: NonNullable<ReplyOf<typeof getScoreRules>['run']> }) {
  const { data } = useCall(getScoreRun, { params: { id: begun.id } }, { refetchMs: 1_000 })
  const run = data ?? begun
  if (run.status === 'done') return null
  const share = run.total === 0 ? 100 : (100 * run.done) / run.total
  return (
    <Alert title={run.status === 'failed' ? 'Scoring stopped' : 'Leads are scored by the rules in force'}>
      {run.status === 'failed' ? (
        run.error
      ) : (
        <>
          <Text>
            {run.done.toLocaleString('en')} of {run.total.toLocaleString('en')} leads
          </Text>
          <Progress value={share} mt={8} aria-label="Progress of scoring" />
        </>
      )}
    </Alert>
  )
}

function Versions({ standing }: { standing: ReplyOf<typeof getScoreRules> }) {
  return (
    <Section title="Versions" flush>
      <ul className={classes.rules}>
        {standing.versions.map(({ version, adoptedAt, note }) => (
          <li key={version} className={classes.rule}>
            <Text className={classes.ruleWords}>
              {version === 0 ? 'The defaults' : `Version ${version}`}
              {version === standing.version ? ', in force' : ''}
              {note ? `: ${note}` : ''}
            </Text>
            <Text c="dimmed">{adoptedAt ? <Time at={adoptedAt} /> : null}</Text>
          </li>
        ))}
      </ul>
    </Section>
  )
}
