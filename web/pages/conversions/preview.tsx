// The newest event of a kind as it would leave by a mapping: the verdict, what would raise the match, and the exact request.
import { Alert, Badge, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useContext } from 'react'
import { previewConversion } from '../../../src/activation/conversions/contract.ts'
import type { EventMappingWord, Rehearsal } from '../../../src/activation/conversions/contract.ts'
import { call } from '../../call.ts'
import { WorkspaceSlug } from '../../queries.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { LeadLink } from '../../ui/lead-link.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'

export function Preview({ connectionId, mapping }: { connectionId: string; mapping: EventMappingWord }) {
  const workspace = useContext(WorkspaceSlug)
  const found = useQuery({
    queryKey: [previewConversion.id, workspace, connectionId, mapping],
    queryFn: ({ signal }) =>
      call(previewConversion, { params: { connectionId }, body: { mapping } }, { workspace, signal }),
    retry: false,
  })
  return (
    <Answer of={found} compact>
      {(preview) => (
        <Stack gap={12}>
          <Group gap={8}>
            <Title order={3}>As it would leave</Title>
            <Badge color={preview.wouldLeave ? 'green' : 'yellow'}>
              {preview.wouldLeave ? 'would leave' : 'would stay'}
            </Badge>
          </Group>
          <Text c="dimmed" fz="xs">
            {preview.isReal ? (
              <>
                the newest one, <Time at={preview.occurredAt} />
                {preview.leadId ? (
                  <>
                    , of <LeadLink id={preview.leadId} label="this lead" />
                  </>
                ) : null}
              </>
            ) : (
              'No such event has come in yet: this one is made up.'
            )}
          </Text>
          <Verdict rehearsal={preview} />
          {preview.requests.map((request, place) => (
            <div key={place}>
              <Text fz="xs" ff="monospace" mb={8} style={{ overflowWrap: 'anywhere' }}>
                {request.method} {request.url}
              </Text>
              <JsonView label="Request" value={request.body} />
            </div>
          ))}
        </Stack>
      )}
    </Answer>
  )
}

function Verdict({ rehearsal: { consent, problems, quality } }: { rehearsal: Rehearsal }) {
  return (
    <>
      {consent.isAllowed ? null : (
        <Alert color="yellow" title="Withheld">
          {consent.because}
        </Alert>
      )}
      {problems.length > 0 ? (
        <Alert color="yellow" title="What the vendor would refuse">
          {problems.map((problem) => (
            <div key={problem}>{problem}</div>
          ))}
        </Alert>
      ) : null}
      {quality ? (
        <Text>
          Match quality about {quality.score.toFixed(1)} of 10.
          {quality.missing.length > 0
            ? ` It would rise with ${quality.missing
                .slice(0, 3)
                .map(({ what, wouldAdd }) => `${what.toLowerCase()} (+${wouldAdd.toFixed(1)})`)
                .join(', ')}.`
            : ''}
        </Text>
      ) : null}
    </>
  )
}
