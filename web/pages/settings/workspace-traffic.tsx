// Whose traffic counts, and what is kept of a visitor's address.
import { Button, Group, Radio, Stack, TagsInput, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { z } from 'zod'
import type { workspaceDetailSchema } from '../../../src/accounts/contract.ts'
import { trackingStatus } from '../../../src/ingest/contract.ts'
import { useCall } from '../../queries.ts'
import { Section } from '../../ui/section.tsx'
import { useSaving } from './use-saving.ts'

const ipPolicies = [
  { value: 'never', label: 'Never', about: 'It is used to tell the country and then dropped.' },
  {
    value: 'with_consent',
    label: 'With analytics consent',
    about: 'Only for visitors who agreed to analytics.',
  },
  { value: 'always', label: 'Always', about: 'For every visitor. Check that your privacy notice says so.' },
]

interface TrafficFormProps {
  workspace: z.infer<typeof workspaceDetailSchema>
  mayWrite: boolean
}

export function TrafficForm({ workspace, mayWrite }: TrafficFormProps) {
  const { ipPolicy, excludedAddresses, ownDomains } = workspace.settings
  const form = useForm({ initialValues: { ipPolicy, excludedAddresses, ownDomains } })
  const { save, isSaving } = useSaving(form)
  const status = useCall(trackingStatus, {})
  const mine = status.data?.yourAddress
  const isExcluded = mine !== undefined && form.values.excludedAddresses.includes(mine)
  return (
    <Section title="Visitors and own traffic">
      <form onSubmit={form.onSubmit((settings) => save({ settings }))}>
        <Stack gap={24} maw={560}>
          <Radio.Group
            label="Keep the visitor’s IP address"
            description="Some ad platforms match conversions better with it."
            {...form.getInputProps('ipPolicy')}
          >
            <Stack gap={12} mt={12}>
              {ipPolicies.map(({ value, label, about }) => (
                <Radio key={value} value={value} label={label} description={about} disabled={!mayWrite} />
              ))}
            </Stack>
          </Radio.Group>
          <Stack gap={8}>
            <TagsInput
              label="Excluded addresses"
              description="Visits from these are dropped: your office, your agency. Single addresses or ranges such as 203.0.113.0/24."
              placeholder={
                form.values.excludedAddresses.length === 0 ? 'Type an address and press Enter' : undefined
              }
              disabled={!mayWrite}
              acceptValueOnBlur
              {...form.getInputProps('excludedAddresses')}
            />
            {mayWrite && mine ? (
              <Group gap={12}>
                <Button
                  variant="default"
                  size="xs"
                  disabled={isExcluded}
                  onClick={() =>
                    form.setFieldValue('excludedAddresses', [...form.values.excludedAddresses, mine])
                  }
                >
                  Exclude my address
                </Button>
                <Text fz="xs" c="dimmed">
                  You come from {mine}
                  {isExcluded ? ', which is excluded.' : '.'}
                </Text>
              </Group>
            ) : null}
          </Stack>
          <TagsInput
            label="Own domains"
            description="A visit that comes from one of these is no referral: the shop, the blog, the checkout."
            placeholder={form.values.ownDomains.length === 0 ? 'shop.example' : undefined}
            disabled={!mayWrite}
            acceptValueOnBlur
            {...form.getInputProps('ownDomains')}
          />
          {mayWrite ? (
            <Group>
              <Button type="submit" loading={isSaving} disabled={!form.isDirty()}>
                Save
              </Button>
            </Group>
          ) : null}
        </Stack>
      </form>
    </Section>
  )
}
