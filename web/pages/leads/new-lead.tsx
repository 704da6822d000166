// The form that enters a lead by hand, in a drawer.
import { Alert, Button, Drawer, Group, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { createLead, listFacets, listLeads } from '../../../src/leads/contract.ts'
import type { Lead } from '../../../src/leads/contract.ts'
import type { Problem } from '../../call.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { countries } from '../../ui/countries.ts'
import { fieldErrors } from '../../ui/problems.ts'

const texts = ['email', 'phone', 'firstName', 'lastName', 'company', 'jobTitle', 'city'] as const

interface Entry extends Record<(typeof texts)[number], string> {
  country: string | null
  tags: string[]
  emailConsent: 'unknown' | 'granted' | 'denied'
}

const blank: Entry = {
  email: '',
  phone: '',
  firstName: '',
  lastName: '',
  company: '',
  jobTitle: '',
  city: '',
  country: null,
  tags: [],
  emailConsent: 'unknown',
}

export function NewLead({ onClose, onMade }: { onClose: () => void; onMade: (lead: Lead) => void }) {
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  const form = useForm<Entry>({
    initialValues: blank,
  })
  const create = useWrite(createLead, {
    quiet: true,
    stale: [listLeads, listFacets],
    onDone: (lead) => {
      const isNew = Date.now() - Date.parse(lead.createdAt) < 60_000 && lead.revision <= 2
      showDone(
        isNew ? `${lead.label} is a lead now.` : `${lead.label} was there already and is brought up to date.`,
      )
      onMade(lead)
    },
  })
  const submit = form.onSubmit((entry) => {
    const filled = Object.fromEntries(
      texts.map((name) => [name, entry[name].trim()] as const).filter(([, value]) => value !== ''),
    )
    create.mutate(
      {
        body: {
          ...filled,
          ...(entry.country ? { country: entry.country } : {}),
          ...(entry.tags.length > 0 ? { tags: entry.tags } : {}),
          ...(entry.emailConsent === 'unknown' ? {} : { consents: { email_marketing: entry.emailConsent } }),
        },
      },
      { onError: (problem) => form.setErrors(errorsOf(problem)) },
    )
  })
  const refused = create.error && Object.keys(errorsOf(create.error)).length === 0
  return (
    <Drawer opened onClose={onClose} position="right" title="New lead" size={440}>
      <form onSubmit={submit} noValidate>
        <Stack gap={16}>
          {refused ? (
            <Alert color="red" variant="light" role="alert">
              {create.error?.message}
            </Alert>
          ) : null}
          <TextInput label="E-mail" type="email" data-autofocus {...form.getInputProps('email')} />
          <Group grow gap={12} align="flex-start">
            <TextInput label="First name" {...form.getInputProps('firstName')} />
            <TextInput label="Last name" {...form.getInputProps('lastName')} />
          </Group>
          <TextInput
            label="Phone"
            type="tel"
            description="With the country code, like +49 171 5550199"
            {...form.getInputProps('phone')}
          />
          <Group grow gap={12} align="flex-start">
            <TextInput label="Company" {...form.getInputProps('company')} />
            <TextInput label="Job title" {...form.getInputProps('jobTitle')} />
          </Group>
          <Group grow gap={12} align="flex-start">
            <TextInput label="City" {...form.getInputProps('city')} />
            <Select
              label="Country"
              searchable
              clearable
              data={countries()}
              nothingFoundMessage="No such country"
              {...form.getInputProps('country')}
            />
          </Group>
          <TagsInput label="Tags" data={facets?.tags ?? []} {...form.getInputProps('tags')} />
          <Select
            label="E-mail marketing"
            description="Without a yes nothing is sent."
            data={[
              { value: 'unknown', label: 'Not asked' },
              { value: 'granted', label: 'Agreed' },
              { value: 'denied', label: 'Refused' },
            ]}
            {...form.getInputProps('emailConsent')}
          />
          <Group justify="flex-end" gap={8} mt={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Add lead
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  )
}

/** Which field a refusal speaks of. */
const fieldOfCode: Record<string, string> = {
  lead_empty: 'email',
  email_invalid: 'email',
  phone_invalid: 'phone',
}

function errorsOf(problem: Problem): Record<string, string> {
  const field = fieldOfCode[problem.code]
  return field ? { [field]: problem.message } : fieldErrors(problem, Object.keys(blank))
}
