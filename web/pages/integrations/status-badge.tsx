// How a connection fares, in one word.
import { Badge } from '@mantine/core'
import type { Connection } from '../../../src/connectors/contract.ts'

const words: Record<Connection['status'], { label: string; colour: string }> = {
  connecting: { label: 'Awaits consent', colour: 'gray' },
  connected: { label: 'Works', colour: 'green' },
  failing: { label: 'Does not work', colour: 'yellow' },
  reconnect: { label: 'Connect again', colour: 'red' },
}

export function StatusBadge({ status }: { status: Connection['status'] }) {
  const { label, colour } = words[status]
  return (
    <Badge color={colour} miw="max-content">
      {label}
    </Badge>
  )
}
