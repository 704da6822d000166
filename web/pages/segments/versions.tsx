// The definitions that a segment had: each as a sentence, with who gave it and when.
import { listSegmentVersions } from '../../../src/segments/contract.ts'
import type { Segment } from '../../../src/segments/contract.ts'
import { useCall } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useActorName } from '../lead/actors.ts'

export function Versions({ segment }: { segment: Segment }) {
  const found = useCall(listSegmentVersions, { params: { id: segment.id } })
  const nameOf = useActorName()
  return (
    <Answer of={found} compact>
      {({ items }) => (
        <DataTable
          label="Versions"
          rows={items}
          rowId={({ version }) => String(version)}
          columns={[
            { key: 'version', header: 'Version', width: 80, align: 'right', cell: ({ version }) => version },
            { key: 'words', header: 'Who belongs to it', cell: ({ words }) => words },
            {
              key: 'who',
              header: 'By',
              width: 160,
              show: 'wide',
              cell: ({ actor }) => (actor === 'product' ? 'A merge of fields' : nameOf(actor)),
            },
            { key: 'when', header: 'Since', width: 136, cell: ({ adoptedAt }) => <Time at={adoptedAt} /> },
          ]}
        />
      )}
    </Answer>
  )
}
