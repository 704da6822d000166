// The line for the site, and whether the first page view has come.
import type { z } from 'zod'
import type { trackingStatus } from '../../../src/ingest/contract.ts'
import { CopyField } from '../../ui/copy-field.tsx'
import { count } from '../../ui/format.ts'
import { Time } from '../../ui/time.tsx'
import classes from './tracker-snippet.module.css'

export function TrackerSnippet({ publicUrl, writeKey }: { publicUrl: string; writeKey: string }) {
  return (
    <CopyField
      block
      label="tracker line"
      value={`<script async src="${publicUrl}/t.js" data-write-key="${writeKey}"></script>`}
    />
  )
}

export function Waiting({ status }: { status: z.infer<NonNullable<typeof trackingStatus.reply>> }) {
  const { firstPageViewAt, lastEventAt, eventsToday } = status
  return (
    <div className={classes.state} data-arrived={firstPageViewAt !== null} role="status">
      <span className={classes.light} aria-hidden />
      <div>
        <div className={classes.head}>
          {firstPageViewAt === null ? 'Waiting for the first page view' : 'Page views arrive'}
        </div>
        <div className={classes.more}>
          {firstPageViewAt === null ? (
            lastEventAt === null ? (
              'Open a page of your site with the line in it. This turns green within seconds.'
            ) : (
              <>
                Other events arrive, the last <Time at={lastEventAt} />, but no page view of a browser yet.
              </>
            )
          ) : (
            <>
              First <Time at={firstPageViewAt} />, last event <Time at={lastEventAt} />,{' '}
              {count(eventsToday, 'event')} today.
            </>
          )}
        </div>
      </div>
    </div>
  )
}
