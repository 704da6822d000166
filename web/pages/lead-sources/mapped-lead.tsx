// The lead that would come of a form by a mapping, with how good it would be.
import { Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useContext } from 'react'
import { previewLead } from '../../../src/lead-sources/contract.ts'
import type { LeadMapping } from '../../../src/lead-sources/contract.ts'
import { call } from '../../call.ts'
import { WorkspaceSlug } from '../../queries.ts'
import { Answer } from '../../ui/states.tsx'
import classes from './lead-sources.module.css'
import { purposeWords, targetWords } from './words.ts'

interface PreviewProps {
  connectionId: string
  formId: string
  mapping: LeadMapping
}

export function MappedLeadPreview({ connectionId, formId, mapping }: PreviewProps) {
  const workspace = useContext(WorkspaceSlug)
  const [asked] = useDebouncedValue(mapping, 400)
  const found = useQuery({
    queryKey: [previewLead.id, workspace, connectionId, formId, asked],
    queryFn: ({ signal }) =>
      call(
        previewLead,
        { params: { connectionId }, query: { formId }, body: { mapping: asked } },
        { workspace, signal },
      ),
    retry: false,
    placeholderData: (before) => before,
  })
  return (
    <section aria-label="The lead that would come of it">
      <Title order={3}>The lead that would come of it</Title>
      <Text fz="xs" c="dimmed" mb={8}>
        With answers that are made up, and every box ticked.
      </Text>
      <Answer of={found} compact>
        {(lead) => (
          <dl className={classes.facts}>
            {Object.entries(lead.fields).map(([name, value]) => (
              <Fact key={name} name={targetWords(name)} value={value} />
            ))}
            {Object.entries(lead.custom).map(([name, value]) => (
              <Fact key={name} name={targetWords(`custom.${name}`)} value={value} />
            ))}
            {lead.consents.map(({ purpose, words }) => (
              <Fact key={purpose} name={purposeWords[purpose]} value={`agreed: “${words}”`} />
            ))}
            {lead.left.length > 0 ? <Fact name="Left out" value={lead.left.join(', ')} /> : null}
            <Fact name="Quality" value={`${lead.quality} of 100`} />
          </dl>
        )}
      </Answer>
    </section>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}
