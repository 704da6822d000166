// Makes or changes a write key: its name, and the domains that may use it from a browser.
import { Button, Group, Modal, Stack, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { createWriteKey, listWriteKeys, updateWriteKey } from '../../../src/accounts/contract.ts'
import type { WriteKey } from '../../../src/accounts/contract.ts'
import type { Problem } from '../../call.ts'
import { useWrite } from '../../queries.ts'
import { fieldErrors } from '../../ui/problems.ts'

interface WriteKeyDialogProps {
  edited?: WriteKey
  onClose: () => void
  onMade?: (key: WriteKey) => void
}

export function WriteKeyDialog({ edited, onClose, onMade }: WriteKeyDialogProps) {
  const form = useForm({
    initialValues: { name: edited?.name ?? '', allowedDomains: edited?.allowedDomains ?? [] },
  })
  const done = (key: WriteKey) => {
    onMade?.(key)
    onClose()
  }
  const create = useWrite(createWriteKey, { stale: [listWriteKeys], quiet: true, onDone: done })
  const update = useWrite(updateWriteKey, { stale: [listWriteKeys], quiet: true, onDone: done })
  const onError = (problem: Problem) => {
    const errors = fieldErrors(problem, ['name', 'allowedDomains'])
    form.setErrors(Object.keys(errors).length > 0 ? errors : { name: problem.message })
  }
  const submit = form.onSubmit((body) => {
    if (edited) update.mutate({ params: { id: edited.id }, body }, { onError })
    else create.mutate({ body }, { onError })
  })
  return (
    <Modal opened onClose={onClose} title={edited ? `Write key ${edited.name}` : 'New write key'} size={480}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <TextInput
            label="Name"
            placeholder="Checkout server"
            required
            maxLength={100}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <TagsInput
            label="Allowed domains"
            description="Browsers on these domains and their subdomains may send with it; empty allows any. Servers always may."
            placeholder={form.values.allowedDomains.length === 0 ? 'shop.example' : undefined}
            acceptValueOnBlur
            {...form.getInputProps('allowedDomains')}
          />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending || update.isPending}>
              {edited ? 'Save' : 'Make the key'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
