// Demo data: what the test twin holds, loading it, and emptying the twin.
import { Button, Group, NumberInput, Radio, SimpleGrid, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Demo } from '../../../src/demo/contract.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { DemoSteps, useDemo } from '../../ui/demo-steps.tsx'
import { count, formatDay } from '../../ui/format.ts'
import { ButtonLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'

export function DemoSettings() {
  const demo = useDemo()
  const mayManage = useMay('demo.manage')
  return (
    <>
      <PageHeader
        title="Demo data"
        about="Invented people with visits, forms and orders, to look around in. It lives in the test twin only and never enters live numbers."
      />
      <Answer of={demo}>
        {(state) => (
          <>
            <Holding state={state} demo={demo} mayManage={mayManage} />
            {mayManage ? <SeedForm demo={demo} state={state} /> : null}
            {mayManage ? <Emptying demo={demo} state={state} /> : null}
          </>
        )}
      </Answer>
    </>
  )
}

interface PartProps {
  demo: ReturnType<typeof useDemo>
  state: Demo
}

function Holding({ state, demo, mayManage }: PartProps & { mayManage: boolean }) {
  const { slug } = useWorkspace()
  const { seeded, counts, job } = state
  const isBroken = job?.state === 'failed' || job?.state === 'cancelled'
  return (
    <Section
      title="In the test twin now"
      actions={
        seeded && slug !== state.workspaceSlug ? (
          <ButtonLink
            variant="default"
            size="xs"
            to="/w/$workspace"
            params={{ workspace: state.workspaceSlug }}
          >
            Open the test twin
          </ButtonLink>
        ) : null
      }
    >
      <Text className="tabular">
        {counts.leads + counts.orders === 0
          ? 'Nothing'
          : `${count(counts.leads, 'lead')} and ${count(counts.orders, 'order')}`}
        {seeded ? (
          <>
            , with the demo of {count(seeded.leads, 'person', 'people')} over {count(seeded.days, 'day')} to{' '}
            {formatDay(seeded.endOn)}, number {seeded.seed}, loaded <Time at={seeded.seededAt} />
          </>
        ) : null}
        .
      </Text>
      {demo.isRunning || isBroken ? (
        <div style={{ marginTop: 12 }}>
          <DemoSteps demo={demo} />
        </div>
      ) : null}
      {mayManage && job?.kind === 'seed' && demo.isRunning ? (
        <Button
          variant="default"
          size="xs"
          mt={12}
          loading={demo.stop.isPending}
          onClick={() => demo.stop.mutate({})}
        >
          Stop loading
        </Button>
      ) : null}
      {mayManage && job?.kind === 'seed' && isBroken && seeded ? (
        <Button
          size="xs"
          mt={12}
          loading={demo.seed.isPending}
          onClick={() => demo.seed.mutate({ body: wishOf(seeded) })}
        >
          Go on loading
        </Button>
      ) : null}
    </Section>
  )
}

// Asking for the very same goes on where it stood.
function wishOf({ seed, leads, days, events, endOn, way }: NonNullable<Demo['seeded']>) {
  return { seed, leads, days, events, endOn, way }
}

/** The large one has what risk, lifetime value and chances to convert are learnt from: 500 buyers and half a year of orders. */
const sizes = {
  small: {
    label: 'To look around',
    description: '500 people over 60 days, in half a minute',
    wish: { leads: 500, days: 60, events: 20_000 },
  },
  large: {
    label: 'With forecasts',
    description:
      '9,000 people over a year: enough to learn risk, lifetime value and the chance to convert from, in some minutes',
    wish: { leads: 9_000, days: 365, events: 225_000 },
  },
} as const
const sizeNames = ['small', 'large'] as const
type SeedWish = Record<'seed' | 'leads' | 'days' | 'events', number>

function SeedForm({ demo, state }: PartProps) {
  const initialValues: SeedWish = { seed: 1, ...sizes.small.wish }
  const form = useForm({ initialValues })
  const { leads, days, events } = form.values
  const size = sizeNames.find((name) => {
    const { wish } = sizes[name]
    return wish.leads === leads && wish.days === days && wish.events === events
  })
  return (
    <Section
      title="Load demo data"
      about="The same numbers and last day always give the same people; another number gives others."
    >
      <form onSubmit={form.onSubmit((body) => demo.seed.mutate({ body }))}>
        <Stack gap={16}>
          <Radio.Group
            label="How much"
            value={size ?? ''}
            onChange={(value) => {
              const name = sizeNames.find((one) => one === value)
              if (name) form.setValues(sizes[name].wish)
            }}
          >
            <Stack gap={8} mt={4}>
              {sizeNames.map((name) => (
                <Radio
                  key={name}
                  value={name}
                  label={sizes[name].label}
                  description={sizes[name].description}
                />
              ))}
            </Stack>
          </Radio.Group>
          <SimpleGrid cols={{ base: 2, sm: 4 }} spacing={16}>
            <NumberInput
              label="Leads"
              min={10}
              max={1_000_000}
              thousandSeparator=","
              required

              {...form.getInputProps('leads')}
            />
            <NumberInput label="Days" min={7} max={730} required {...form.getInputProps('days')} />
            <NumberInput
              label="Events, about"
              min={100}
              max={10_000_000}
              thousandSeparator=","
              required

              {...form.getInputProps('events')}
            />
            <NumberInput
              label="Number"
              min={0}
              max={4_294_967_295}
              required

              {...form.getInputProps('seed')}
            />
          </SimpleGrid>
          <Group>
            <Button
              type="submit"
              loading={demo.seed.isPending}
              disabled={demo.isRunning || state.seeded !== null}
            >
              Load demo data
            </Button>
            {state.seeded ? (
              <Text fz="xs" c="dimmed">
                Empty the test twin first: it holds a demo already.
              </Text>
            ) : null}
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

function Emptying({ demo, state }: PartProps) {
  const [asking, setAsking] = useState(false)
  const { leads, orders } = state.counts
  return (
    <Section
      title="Empty the test twin"
      about="Removes every lead, event and order in it, demo or not. Settings and keys stay; live is not touched."
    >
      <Button color="red" variant="outline" disabled={demo.isRunning} onClick={() => setAsking(true)}>
        Empty the test twin
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Empty the test twin"
        action="Empty it"
        typed={state.workspaceSlug}
        busy={demo.reset.isPending}
        onConfirm={() => demo.reset.mutate({}, { onSettled: () => setAsking(false) })}
      >
        {count(leads, 'lead')} and {count(orders, 'order')} with all their events are removed for good. Live
        is not touched.
      </ConfirmDialog>
    </Section>
  )
}
