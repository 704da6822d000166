// Asks which columns a CSV of leads shall have, and fetches it with its size so far.
import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  MultiSelect,
  SegmentedControl,
  Stack,
  Text,
} from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { countSelection } from '../../../src/leads/bulk/contract.ts'
import { exportColumns, exportSelection } from '../../../src/leads/export/contract.ts'
import { listFacets } from '../../../src/leads/contract.ts'
import { showDone, useCall } from '../../queries.ts'
import { count } from '../../ui/format.ts'
import { useWorkspace } from '../../workspace.ts'
import { fetchFile, megabytes } from './fetch-file.ts'
import type { SelectionInput } from './selection.ts'

interface ExportDialogProps {
  selection: SelectionInput
  status: 'active' | 'binned'
  onClose: () => void
}

export function ExportDialog({ selection, status, onClose }: ExportDialogProps) {
  const { slug } = useWorkspace()
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  const counted = useCall(countSelection, { body: { selection, status } }, { staleMs: 0 })
  const [which, setWhich] = useState<'all' | 'some'>('all')
  const [columns, setColumns] = useState<string[]>(['email', 'firstName', 'lastName', 'company'])
  const [forExcel, setForExcel] = useState(true)
  const [bytes, setBytes] = useState<number>()
  const [problem, setProblem] = useState<Error>()
  const stop = useRef<AbortController>(undefined)
  const offered = [
    ...exportColumns.map(({ key, label }) => ({ value: key, label })),
    ...(facets?.customFields ?? []).map(({ key, label }) => ({ value: `fields.${key}`, label })),
  ]
  const close = () => {
    stop.current?.abort()
    onClose()
  }
  const fetchIt = async () => {
    setProblem(undefined)
    setBytes(0)
    stop.current = new AbortController()
    try {
      await fetchFile(
        exportSelection.path,
        { selection, status, bom: forExcel, ...(which === 'some' ? { columns } : {}) },
        { workspace: slug, fileName: 'leads.csv', signal: stop.current.signal, onBytes: setBytes },
      )
      showDone('The file is in your downloads.')
      onClose()
    } catch (error) {
      if (!stop.current.signal.aborted) setProblem(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setBytes(undefined)
    }
  }
  const total = counted.data?.total
  const said = problem ?? counted.error
  return (
    <Modal opened onClose={close} title="Export as CSV" size={480}>
      <Stack gap={16}>
        {said ? (
          <Alert color="red" variant="light" role="alert">
            {said.message}
          </Alert>
        ) : null}
        <SegmentedControl
          aria-label="Which columns"
          data={[
            { value: 'all', label: 'All columns' },
            { value: 'some', label: 'Chosen columns' },
          ]}
          value={which}
          onChange={(chosen) => setWhich(chosen === 'some' ? 'some' : 'all')}
        />
        {which === 'some' ? (
          <MultiSelect
            label="Columns, in this order"
            searchable
            data={offered}
            value={columns}
            onChange={setColumns}
            nothingFoundMessage="No such column"
          />
        ) : null}
        <Checkbox
          label="For Excel"
          description="Begins with a mark by which Excel reads accents right"
          checked={forExcel}
          onChange={(event) => setForExcel(event.currentTarget.checked)}
        />
        <Text role="status">
          {bytes !== undefined
            ? `${megabytes(bytes)} so far…`
            : total === undefined
              ? counted.error
                ? null
                : 'Counting the leads…'
              : `The file will have ${count(total, 'line')}. That it was made stands in the audit log.`}
        </Text>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={close}>
            {bytes === undefined ? 'Cancel' : 'Stop'}
          </Button>
          <Button
            leftSection={<IconDownload size={16} />}
            loading={bytes !== undefined}
            disabled={!total || (which === 'some' && columns.length === 0)}
            onClick={() => void fetchIt()}
            data-autofocus
          >
            Export
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
