// Names a view and says who has it.
import { Alert, Button, Checkbox, Group, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { createView, listViews, updateView } from '../../../src/leads/views/contract.ts'
import type { SavedView } from '../../../src/leads/views/contract.ts'
import type { CallInput } from '../../call.ts'
import { useWrite } from '../../queries.ts'
import { useMay } from '../../workspace.ts'

interface ViewDialogProps {
  /** the view to rename or share; a new one where it is absent */
  view: SavedView | undefined
  question: CallInput<typeof createView>['body']['question']
  columns: string[]
  onClose: () => void
  onSaved: (view: SavedView) => void
}

export function ViewDialog({ view, question, columns, onClose, onSaved }: ViewDialogProps) {
  const mayShare = useMay('leads.write')
  const [name, setName] = useState(view?.name ?? '')
  const [isShared, setIsShared] = useState(view?.isShared ?? false)
  const [isOpen, setIsOpen] = useState(view?.isOpen ?? false)
  const told = { quiet: true, stale: [listViews], onDone: onSaved }
  const create = useWrite(createView, told)
  const update = useWrite(updateView, told)
  const problem = create.error ?? update.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = { name, isShared, isOpen: isShared && isOpen }
    if (view) update.mutate({ params: { id: view.id }, body })
    else create.mutate({ body: { ...body, question, columns } })
  }
  return (
    <Modal opened onClose={onClose} title={view ? `The view ${view.name}` : 'Save as a view'} size={440}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          {problem ? (
            <Alert color="red" variant="light" role="alert">
              {problem.message}
            </Alert>
          ) : null}
          <TextInput
            label="Name"
            placeholder="Customers in Germany"
            maxLength={80}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          {mayShare ? (
            <SegmentedControl
              aria-label="Who has it"
              data={[
                { value: 'own', label: 'Only you' },
                { value: 'shared', label: 'Everybody here' },
              ]}
              value={isShared ? 'shared' : 'own'}
              onChange={(chosen) => setIsShared(chosen === 'shared')}
            />
          ) : null}
          {isShared ? (
            <Checkbox
              label="Others may change it, too"
              description="Owners and admins always may"
              checked={isOpen}
              onChange={(event) => setIsOpen(event.currentTarget.checked)}
            />
          ) : null}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!name.trim()} loading={create.isPending || update.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
