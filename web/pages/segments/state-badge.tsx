// How a segment stands, with why where it cannot go on.
import { Badge, Tooltip } from '@mantine/core'
import type { Segment } from '../../../src/segments/contract.ts'
import { stateOf } from './words.ts'

export function StateBadge({ segment }: { segment: Pick<Segment, 'status' | 'progress' | 'problem'> }) {
  const { label, colour } = stateOf(segment)
  const badge = (
    <Badge color={colour} miw="max-content" tabIndex={segment.problem ? 0 : undefined}>
      {label}
    </Badge>
  )
  return segment.problem ? (
    <Tooltip label={segment.problem} multiline maw={320}>
      {badge}
    </Tooltip>
  ) : (
    badge
  )
}
