// Conversions: for each destination its forwarding, its mappings, and the reconciliation of what happened with what arrived.
import { Select } from '@mantine/core'
import { IconTargetArrow } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { listDestinations } from '../../../src/activation/conversions/contract.ts'
import type { Destination } from '../../../src/activation/conversions/contract.ts'
import { useCall } from '../../queries.ts'
import { ButtonLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { useWorkspace } from '../../workspace.ts'
import { Forwarding } from './forwarding.tsx'
import { Mappings } from './mappings.tsx'
import { ReconciliationSection } from './reconciliation.tsx'

export function ConversionsPage() {
  const { slug } = useWorkspace()
  const search = useSearch({ from: '/w/$workspace/conversions' })
  const navigate = useNavigate()
  const found = useCall(listDestinations, {}, { refetchMs: 15_000 })
  const shown = chosen(found.data?.items ?? [], search.destination)
  return (
    <>
      <PageHeader
        title="Conversions"
        about="What leads do, told to ad and analytics vendors from the server: once, with consent, in the vendor’s own form."
        actions={
          shown && found.data ? (
            <>
              {shown.hasSessions ? (
                <ButtonLink
                  variant="default"
                  to="/w/$workspace/conversions/sessions"
                  params={{ workspace: slug }}
                  search={{ destination: shown.connectionId }}
                >
                  Sessions
                </ButtonLink>
              ) : null}
              <Select
                aria-label="Destination"
                w={240}
                allowDeselect={false}
                value={shown.connectionId}
                data={found.data.items.map(({ connectionId, name }) => ({
                  value: connectionId,
                  label: name,
                }))}
                onChange={(destination) =>
                  void navigate({
                    to: '/w/$workspace/conversions',
                    params: { workspace: slug },
                    search: { destination: destination ?? undefined },
                    replace: true,
                  })
                }
              />
            </>
          ) : undefined
        }
      />
      <Answer
        of={found}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState
            icon={IconTargetArrow}
            title="No destination yet"
            actions={
              <ButtonLink to="/w/$workspace/integrations" params={{ workspace: slug }}>
                Go to Integrations
              </ButtonLink>
            }
          >
            Connect a vendor that takes conversions. Then choose here which events go there, under which
            names.
          </EmptyState>
        }
      >
        {() => (shown ? <Shown key={shown.connectionId} destination={shown} /> : null)}
      </Answer>
    </>
  )
}

function Shown({ destination }: { destination: Destination }) {
  return (
    <>
      <Forwarding destination={destination} />
      <ReconciliationSection connectionId={destination.connectionId} />
      <Mappings destination={destination} />
    </>
  )
}

function chosen(items: readonly Destination[], id: string | undefined): Destination | undefined {
  return items.find(({ connectionId }) => connectionId === id) ?? items[0]
}
