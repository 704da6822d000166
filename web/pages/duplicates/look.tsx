// The look for duplicates: when the last one was and what it found, a button for one now, and what is merged without a person.
import { Button, Group, NumberInput, Stack, Switch, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import {
  getDuplicateLook,
  lookForDuplicates,
  setDuplicateMerging,
} from '../../../src/leads/duplicates/contract.ts'
import type { ReplyOf } from '../../../src/lib/endpoint.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { count } from '../../ui/format.ts'
import { Section } from '../../ui/section.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'

type Look = ReplyOf<typeof getDuplicateLook>

/** Asked again every second while one is under way. */
export function useLook() {
  const look = useCall(getDuplicateLook, {})
  const watched = useCall(getDuplicateLook, {}, { enabled: look.data?.isLooking ?? false, refetchMs: 1_000 })
  return watched.data ?? look.data
}

export function LookNow({ look }: { look: Look }) {
  const begin = useWrite(lookForDuplicates, { stale: [getDuplicateLook] })
  return (
    <Button variant="default" loading={look.isLooking || begin.isPending} onClick={() => begin.mutate({})}>
      Look for duplicates now
    </Button>
  )
}

export function LookWords({ look }: { look: Look }) {
  const { isLooking, lookedAt, leadsLooked, pairsFound, merged } = look
  const counted = `${count(leadsLooked, 'new or changed lead')} compared, ${count(pairsFound, 'new pair')} found${merged > 0 ? `, ${count(merged, 'pair')} merged` : ''}`
  return (
    <Text fz="sm" c="dimmed" role="status">
      {isLooking ? (
        `Looking: ${counted} so far. You can leave this page.`
      ) : lookedAt === null ? (
        'Nobody has looked yet. It happens every night by itself.'
      ) : (
        <>
          Last look <Time at={lookedAt} />: {counted}. The next one is tonight.
        </>
      )}
    </Text>
  )
}

export function MergingForm({ look }: { look: Look }) {
  const mayWrite = useMay('settings.write')
  const form = useForm({
    initialValues: { mergesItself: look.merging.mergesItself, percent: look.merging.mergeAt * 100 },
    validate: {
      percent: (percent) =>
        percent >= 95 && percent <= 100 ? null : 'Give a probability between 95 and 100 per cent.',
    },
  })
  const save = useWrite(setDuplicateMerging, {
    stale: [getDuplicateLook],
    onDone: ({ merging }) => {
      form.resetDirty()
      showDone(
        merging.mergesItself
          ? 'The surest pairs are merged from the next look on. Each merge can be undone on the page of the lead.'
          : 'Every pair waits for a person.',
      )
    },
  })
  const submit = form.onSubmit(({ mergesItself, percent }) =>
    save.mutate({ body: { mergesItself, mergeAt: Math.round(percent * 100) / 10_000 } }),
  )
  return (
    <Section
      title="Merging without a person"
      about="Off unless you turn it on. Pairs whose given names, dates of birth, registered numbers or confirmed addresses differ, or of which little but the name agrees, always wait for a person."
    >
      <form onSubmit={submit}>
        <Stack gap={16} maw={560}>
          <Switch
            label="Merge the surest pairs by themselves, every night"
            disabled={!mayWrite}
            {...form.getInputProps('mergesItself', { type: 'checkbox' })}
          />
          <NumberInput
            label="From a probability of"
            suffix=" %"
            min={95}
            max={100}
            step={0.1}
            decimalScale={2}
            maw={200}
            disabled={!mayWrite || !form.values.mergesItself}
            {...form.getInputProps('percent')}
          />
          {mayWrite ? (
            <Group>
              <Button type="submit" variant="default" loading={save.isPending} disabled={!form.isDirty()}>
                Save
              </Button>
            </Group>
          ) : null}
        </Stack>
      </form>
    </Section>
  )
}
