// The empty debugger: how the first event is sent.
import { IconRadar2 } from '@tabler/icons-react'
import { listWriteKeys } from '../../../src/accounts/contract.ts'
import { trackingStatus } from '../../../src/ingest/contract.ts'
import { useCall } from '../../queries.ts'
import { ButtonLink } from '../../ui/links.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import { ServerSnippets } from '../settings/server-snippets.tsx'
import classes from './first-event.module.css'

export function FirstEvent() {
  const { slug } = useWorkspace()
  const mayRead = useMay('settings.read')
  const keys = useCall(listWriteKeys, {}, { enabled: mayRead })
  const status = useCall(trackingStatus, {}, { enabled: mayRead })
  const key = keys.data?.items[0]
  return (
    <div className={classes.root}>
      <EmptyState
        icon={IconRadar2}
        title="No event yet"
        actions={
          <ButtonLink to="/w/$workspace/settings/tracking" params={{ workspace: slug }}>
            Paste the tracker on your site
          </ButtonLink>
        }
      >
        Every call that your site or server sends shows up here within a second, with the way it took. Or send
        one by hand:
      </EmptyState>
      {key && status.data ? (
        <div className={classes.snippets}>
          <ServerSnippets publicUrl={status.data.publicUrl} writeKey={key.key} />
        </div>
      ) : null}
    </div>
  )
}
