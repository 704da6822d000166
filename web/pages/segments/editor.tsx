// Making or changing a segment: its name, its condition as a sentence, and whom it would hold.
import { Alert, Button, Group, Text, TextInput, Textarea } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { createSegment, getSegment, listSegments, updateSegment } from '../../../src/segments/contract.ts'
import type { Segment } from '../../../src/segments/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { sentenceOf } from '../../ui/conditions/builder-dialog.tsx'
import { ConditionBuilder } from '../../ui/conditions/builder.tsx'
import { isComplete, toCondition, toGroup } from '../../ui/conditions/draft.ts'
import { Preview } from '../../ui/conditions/preview.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { TextLink } from '../../ui/links.tsx'
import { useWorkspace } from '../../workspace.ts'
import { useFacts } from '../leads/facts.ts'
import classes from './segments.module.css'

export function NewSegmentPage() {
  const { slug } = useWorkspace()
  return (
    <>
      <PageHeader
        title="New segment"
        about={
          <TextLink to="/w/$workspace/segments" params={{ workspace: slug }}>
            All segments
          </TextLink>
        }
      />
      <Editor />
    </>
  )
}

export function EditSegmentPage() {
  const { slug } = useWorkspace()
  const { segmentId } = useParams({ from: '/w/$workspace/segments/$segmentId/edit' })
  const found = useCall(getSegment, { params: { id: segmentId } }, { staleMs: Infinity })
  return (
    <>
      <PageHeader
        title={found.data ? `Change ${found.data.name}` : 'Change a segment'}
        about={
          <TextLink to="/w/$workspace/segments/$segmentId" params={{ workspace: slug, segmentId }}>
            Back to the segment
          </TextLink>
        }
      />
      <Answer of={found}>{(segment) => <Editor key={segment.id} segment={segment} />}</Answer>
    </>
  )
}

// Whom nobody knows is in the log by the thousand: a new segment begins with those who are known.
const BEGINNING = toGroup({ fact: 'isKnown', op: 'is_true' })

function Editor({ segment }: { segment?: Segment }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const facts = useFacts().filter((fact) => fact.name !== 'segment' || (fact.choices?.length ?? 0) > 0)
  const [name, setName] = useState(segment?.name ?? '')
  const [description, setDescription] = useState(segment?.description ?? '')
  const [group, setGroup] = useState(() => (segment ? toGroup(segment.condition) : BEGINNING))
  const condition = toCondition(group)
  const complete = isComplete(group, (fact) => facts.find((one) => one.name === fact)?.type ?? 'text')
  const done = ({ id }: Segment) =>
    void navigate({ to: '/w/$workspace/segments/$segmentId', params: { workspace: slug, segmentId: id } })
  const stale = [listSegments, getSegment]
  const create = useWrite(createSegment, { stale, onDone: done, quiet: true })
  const update = useWrite(updateSegment, { stale, onDone: done, quiet: true })
  const problem = create.error ?? update.error
  const isNewVersion =
    segment !== undefined &&
    condition !== undefined &&
    JSON.stringify(condition) !== JSON.stringify(segment.condition)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!condition || !complete) return
    if (!segment) create.mutate({ body: { name, description, condition } })
    else
      update.mutate({
        params: { id: segment.id },
        body: { name, description, ...(isNewVersion ? { condition } : {}) },
      })
  }
  return (
    <form onSubmit={save} className={classes.editor}>
      <div className={classes.fields}>
        <Section title="Who belongs to it">
          <ConditionBuilder group={group} facts={facts} onChange={setGroup} />
        </Section>
        <Section title="What it is called">
          <div className={classes.fields}>
            <TextInput
              label="Name"
              required
              maxLength={80}
              value={name}
              placeholder="Loyal customers gone quiet"
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Textarea
              label="What it is for"
              autosize
              minRows={2}
              maxLength={500}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
          </div>
        </Section>
        {problem ? (
          <Alert color="red" title="That did not work" role="alert">
            {problem.message}
          </Alert>
        ) : null}
        <Group gap={8}>
          <Button
            type="submit"
            disabled={!condition || !complete || name.trim() === ''}
            loading={create.isPending || update.isPending}
          >
            {segment ? 'Save' : 'Make the segment'}
          </Button>
          <Text c="dimmed" fz="xs">
            {isNewVersion
              ? `Saved as version ${segment.version + 1}: all leads are held against it anew.`
              : segment
                ? ''
                : 'All leads are held against it, in the background.'}
          </Text>
        </Group>
      </div>
      <div className={classes.beside}>
        <Section title="Whom it holds">
          {condition ? <Text>{sentenceOf(condition, facts)}</Text> : null}
          {condition && complete ? (
            <Preview condition={condition} facts={facts} audience="all" />
          ) : (
            <Text c="dimmed">
              {condition ? 'Fill in what is still empty.' : 'Add what leads must have, or must have done.'}
            </Text>
          )}
        </Section>
      </div>
    </form>
  )
}
