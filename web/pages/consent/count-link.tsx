// How many leads, leading to the list of exactly those.
import { conditionSchema } from '../../../src/conditions/contract.ts'
import type { ConsentGroup } from '../../../src/leads/consents/contract.ts'
import { formatNumber } from '../../ui/format.ts'
import { TextLink } from '../../ui/links.tsx'
import { useWorkspace } from '../../workspace.ts'

/** @param props.of who they are, for screen readers */
export function CountLink({ group, of }: { group: ConsentGroup; of: string }) {
  const { slug } = useWorkspace()
  if (group.count === 0) return <span>0</span>
  const filter = conditionSchema.safeParse(JSON.parse(group.filter))
  return (
    <TextLink
      to="/w/$workspace/leads"
      params={{ workspace: slug }}
      search={{ audience: 'all', ...(filter.success ? { filter: filter.data } : {}) }}
      aria-label={`${formatNumber(group.count)} leads: ${of}`}
    >
      {formatNumber(group.count)}
    </TextLink>
  )
}
