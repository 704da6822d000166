// Tracking: write keys, the line for the site that turns green with the first page view, and how servers send.
import { Button, Select } from '@mantine/core'
import { IconPlus, IconRadar2 } from '@tabler/icons-react'
import { useState } from 'react'
import { listWriteKeys } from '../../../src/accounts/contract.ts'
import { trackingStatus } from '../../../src/ingest/contract.ts'
import { useCall } from '../../queries.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { useMay } from '../../workspace.ts'
import { TrackerSnippet, Waiting } from './tracker-snippet.tsx'
import { ServerSnippets } from './server-snippets.tsx'
import { WriteKeyDialog } from './write-key-dialog.tsx'
import { WriteKeys } from './write-keys.tsx'

const waitingMs = 2000
const calmMs = 15_000

export function TrackingSettings() {
  const mayWrite = useMay('settings.write')
  const keys = useCall(listWriteKeys, {})
  const [hasArrived, setHasArrived] = useState(false)
  const status = useCall(trackingStatus, {}, { refetchMs: hasArrived ? calmMs : waitingMs })
  const [chosen, setChosen] = useState<string>()
  const [creating, setCreating] = useState(false)
  if (status.data && (status.data.firstPageViewAt !== null) !== hasArrived) setHasArrived(!hasArrived)
  const items = keys.data?.items ?? []
  // A server's key is kept secret: it is never offered for a page.
  const forPages = items.filter(({ kind }) => kind === 'browser')
  const key = forPages.find(({ id }) => id === chosen) ?? forPages[0]
  const serverKey = items.find(({ kind }) => kind === 'server') ?? key
  const make = (
    <Button
      variant={items.length > 0 ? 'default' : 'filled'}
      leftSection={<IconPlus size={16} />}
      onClick={() => setCreating(true)}
    >
      New write key
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Tracking"
        about="Every visit, form and purchase on your site becomes a touch on somebody’s line."
      />
      <Answer
        of={keys}
        isEmpty={({ items: all }) => all.length === 0}
        empty={
          <EmptyState icon={IconRadar2} title="No write key yet" actions={mayWrite ? make : null}>
            {mayWrite
              ? 'A write key says which workspace an event belongs to. Make one for your site, and the line to paste appears here.'
              : 'A write key says which workspace an event belongs to. Ask an owner or admin to make one.'}
          </EmptyState>
        }
      >
        {({ items: all }) => (
          <>
            <Section
              title="On your site"
              about="Paste this line before </head> on every page."
              actions={
                forPages.length > 1 ? (
                  <Select
                    size="xs"
                    w={200}
                    aria-label="Write key"
                    data={forPages.map(({ id, name }) => ({ value: id, label: name }))}
                    value={key?.id ?? null}
                    onChange={(value) => setChosen(value ?? undefined)}
                  />
                ) : null
              }
            >
              <Answer of={status} compact>
                {(arrived) => (
                  <>
                    {key ? <TrackerSnippet publicUrl={arrived.publicUrl} writeKey={key.key} /> : null}
                    <Waiting status={arrived} />
                  </>
                )}
              </Answer>
            </Section>
            {serverKey && status.data ? (
              <Section
                title="From a server"
                about="The API speaks Segment’s protocol, so their libraries work with this address."
              >
                <ServerSnippets publicUrl={status.data.publicUrl} writeKey={serverKey.key} />
              </Section>
            ) : null}
            <Section
              title="Write keys"
              about="The key of a site stands in every visitor’s browser: it can only send events, never read. A server’s is kept secret."
              actions={mayWrite ? make : null}
              flush
            >
              <WriteKeys items={all} mayWrite={mayWrite} />
            </Section>
          </>
        )}
      </Answer>
      {creating ? (
        <WriteKeyDialog onClose={() => setCreating(false)} onMade={({ id }) => setChosen(id)} />
      ) : null}
    </>
  )
}
