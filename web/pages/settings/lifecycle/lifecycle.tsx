// Settings of the lifecycle: the rules by which leads move by themselves, tried on real leads before they are adopted.
import {
  ActionIcon,
  Alert,
  Button,
  Group as Row,
  Modal,
  Stack,
  Switch,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReplyOf } from '../../../../src/lib/endpoint.ts'
import {
  adoptLifecycleRules,
  getLifecycleRules,
  stageLabels,
  stages,
  tryLifecycleRules,
} from '../../../../src/projections/lifecycle/contract.ts'
import type { LifecycleRule } from '../../../../src/projections/lifecycle/contract.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { sentenceOf } from '../../../ui/conditions/builder-dialog.tsx'
import type { OfferedFact } from '../../../ui/conditions/draft.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Section } from '../../../ui/section.tsx'
import { Answer } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import { inForceWords } from '../../../ui/versions.ts'
import { useMay } from '../../../workspace.ts'
import { useFacts } from '../../leads/facts.ts'
import classes from './lifecycle.module.css'
import { OutcomeSection } from './outcome.tsx'
import { RuleDialog } from './rule-dialog.tsx'

/** Facts that stages cannot ask for, since they are worked out after them. */
const LATER =
  /^(segment|trend|health|churnRisk|disengagementRisk|lifetimeValue|predictedValue|rfmSegment|nextOrderAt|predictedScore)$/

export function LifecycleSettings() {
  const found = useCall(getLifecycleRules, {}, { staleMs: Infinity })
  return (
    <>
      <PageHeader
        title="Lifecycle"
        about="When a lead moves to another stage by itself. The move is dated by the event that makes the rule true; a person’s decision is never overruled by what came before it."
        aside={found.data ? <Text c="dimmed">{inForceWords(found.data.version)}</Text> : null}
      />
      <Answer of={found}>{(standing) => <Editor key={standing.version} standing={standing} />}</Answer>
    </>
  )
}

type Standing = ReplyOf<typeof getLifecycleRules>

function Editor({ standing }: { standing: Standing }) {
  const mayWrite = useMay('settings.write')
  const facts = useFacts().filter(({ name }) => !LATER.test(name))
  const [rules, setRules] = useState<LifecycleRule[]>(standing.rules)
  const [edited, setEdited] = useState<LifecycleRule | 'new'>()
  const [isAdopting, setAdopting] = useState(false)
  const isChanged = JSON.stringify(rules) !== JSON.stringify(standing.rules)
  const isDefault = JSON.stringify(rules) === JSON.stringify(standing.defaults)
  const outcome = useWrite(tryLifecycleRules)
  const put = (rule: LifecycleRule) =>
    setRules(
      rules.some(({ id }) => id === rule.id)
        ? rules.map((one) => (one.id === rule.id ? rule : one))
        : [...rules, rule],
    )
  return (
    <div className={classes.page}>
      {stages.map((stage) => {
        const own = rules.filter(({ to }) => to === stage)
        if (own.length === 0) return null
        return (
          <Section key={stage} title={`To ${stageLabels[stage]}`} flush>
            <ul className={classes.rules}>
              {own.map((rule) => (
                <RuleLine
                  key={rule.id}
                  rule={rule}
                  facts={facts}
                  isReadOnly={!mayWrite}
                  broken={standing.broken.find(({ id }) => id === rule.id)?.sentence}
                  onSwitch={(isOn) => put({ ...rule, isOn })}
                  onChange={() => setEdited(rule)}
                  onRemove={() => setRules(rules.filter(({ id }) => id !== rule.id))}
                />
              ))}
            </ul>
          </Section>
        )
      })}
      {mayWrite ? (
        <Row gap={8}>
          <Button variant="default" onClick={() => setEdited('new')}>
            Add a rule
          </Button>
          {isDefault ? null : (
            <Button variant="subtle" color="gray" onClick={() => setRules(standing.defaults)}>
              Begin again from the rules that every workspace starts with
            </Button>
          )}
        </Row>
      ) : null}
      {outcome.data ? <OutcomeSection outcome={outcome.data} rules={rules} /> : null}
      <Versions standing={standing} />
      {mayWrite && isChanged ? (
        <div className={classes.changes} role="region" aria-label="Changed rules">
          <Text>Changed; leads move by the rules in force until you adopt these.</Text>
          <Row gap={8}>
            <Button variant="subtle" color="gray" onClick={() => setRules(standing.rules)}>
              Discard
            </Button>
            <Button
              variant="default"
              loading={outcome.isPending}
              onClick={() => outcome.mutate({ body: { rules } })}
            >
              Try on real leads
            </Button>
            <Button onClick={() => setAdopting(true)}>Adopt…</Button>
          </Row>
        </div>
      ) : null}
      {edited === undefined ? null : (
        <RuleDialog
          rule={edited === 'new' ? undefined : edited}
          taken={rules.map(({ id }) => id)}
          facts={facts}
          onClose={() => setEdited(undefined)}
          onSave={(rule) => {
            put(rule)
            setEdited(undefined)
          }}
        />
      )}
      {isAdopting ? (
        <AdoptDialog rules={rules} basedOn={standing.version} onClose={() => setAdopting(false)} />
      ) : null}
    </div>
  )
}

interface RuleLineProps {
  rule: LifecycleRule
  facts: readonly OfferedFact[]
  isReadOnly: boolean
  /** why it moves nobody */
  broken: string | undefined
  onSwitch: (isOn: boolean) => void
  onChange: () => void
  onRemove: () => void
}

function RuleLine({ rule, facts, isReadOnly, broken, onSwitch, onChange, onRemove }: RuleLineProps) {
  const sentence = sentenceOf(rule.when, facts)
  return (
    <li className={classes.rule} data-off={!rule.isOn || undefined}>
      <Switch
        size="xs"
        checked={rule.isOn}
        disabled={isReadOnly}
        aria-label={`${rule.name} is on`}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <div className={classes.ruleWords}>
        <Text fw={500}>
          {rule.name}
          {rule.isBackward ? ' (takes leads back)' : ''}
        </Text>
        <Text c="dimmed" fz="xs" lineClamp={2} title={sentence}>
          {sentence}
        </Text>
        {broken ? (
          <Text fz="xs" c="orange.7">
            Moves nobody: {broken}
          </Text>
        ) : null}
      </div>
      {isReadOnly ? null : (
        <div className={classes.ruleActions}>
          <Tooltip label="Change">
            <ActionIcon variant="subtle" color="gray" aria-label={`Change ${rule.name}`} onClick={onChange}>
              <IconPencil size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Take out">
            <ActionIcon variant="subtle" color="gray" aria-label={`Take out ${rule.name}`} onClick={onRemove}>
              <IconTrash size={16} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </div>
      )}
    </li>
  )
}

function AdoptDialog({
  rules,
  basedOn,
  onClose,
}: {
  rules: LifecycleRule[]
  basedOn: number
  onClose: () => void
}) {
  const [note, setNote] = useState('')
  const adopt = useWrite(adoptLifecycleRules, {
    quiet: true,
    stale: [getLifecycleRules],
    onDone: ({ version }) => {
      showDone(`Version ${version} is in force; the stages of leads follow in the background.`)
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title="Adopt these rules">
      <Stack gap={16}>
        <Text>
          The way of every lead is worked out anew by them, from its first event on, in the background. What
          people decided stays as it is.
        </Text>
        <TextInput
          label="What changed"
          maxLength={300}
          placeholder="A chat counts as contact"
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

function Versions({ standing }: { standing: Standing }) {
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
