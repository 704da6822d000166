// Asks for one's own password before something grave, says what will happen, and shows a refusal at the field.
import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'
import type { Problem } from '../../call.ts'

interface PasswordDialogProps {
  title: string
  /** what will happen */
  children: ReactNode
  /** the verb on the button */
  action: string
  color?: string
  busy: boolean
  problem: Problem | null
  onConfirm: (password: string) => void
  onClose: () => void
}

export function PasswordDialog(props: PasswordDialogProps) {
  const { title, children, action, color, busy, problem, onConfirm, onClose } = props
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onConfirm(password)
  }
  return (
    <Modal opened onClose={onClose} title={title} size={440}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <Text component="div">{children}</Text>
          <PasswordInput
            label="Your password"
            required
            data-autofocus
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={problem?.message}
          />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color={color} loading={busy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
