// The segments that a lead is in, each leading to why.
import { Tooltip } from '@mantine/core'
import { listSegmentsOfLead } from '../../../src/segments/contract.ts'
import { useCall } from '../../queries.ts'
import { TextLink } from '../../ui/links.tsx'
import { useWorkspace } from '../../workspace.ts'
import { reasonWords } from '../segments/words.ts'
import classes from './segments.module.css'

/** Nothing is shown of a lead that is in none, and nothing while it is asked for. */
export function LeadSegments({ leadId }: { leadId: string }) {
  const { slug } = useWorkspace()
  const { data } = useCall(listSegmentsOfLead, { params: { id: leadId } }, { refetchMs: 15_000 })
  if (!data || data.items.length === 0) return null
  return (
    <nav className={classes.root} aria-label="Segments">
      <span className={classes.label}>In</span>
      {data.items.map(({ id, name, reason }) => (
        <Tooltip key={id} label={reasonWords(reason, 'entered')} multiline maw={320}>
          <TextLink
            to="/w/$workspace/segments/$segmentId"
            params={{ workspace: slug, segmentId: id }}
            search={{ why: leadId }}
            className={classes.one}
          >
            {name}
          </TextLink>
        </Tooltip>
      ))}
    </nav>
  )
}
