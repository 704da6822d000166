// Asks before something that cannot simply be undone: says how much it touches, and asks for a name where it is grave.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent, ReactNode } from 'react'

interface ConfirmDialogProps {
  opened: boolean
  onClose: () => void
  title: string
  /** what will happen, to how many, and whether it can be undone */
  children: ReactNode
  /** the verb on the button: "Remove key" */
  action: string
  onConfirm: () => void
  busy?: boolean
  /** red unless what is done can be undone */
  color?: string
  /** the word that has to be typed */
  typed?: string
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size={440}>
      <Question {...props} />
    </Modal>
  )
}

function Question({ children, action, onConfirm, onClose, busy, typed, color = 'red' }: ConfirmDialogProps) {
  const [word, setWord] = useState('')
  const mayGo = typed === undefined || word.trim() === typed
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (mayGo) onConfirm()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap={16}>
        <Text component="div">{children}</Text>
        {typed === undefined ? null : (
          <TextInput
            label={`Type ${typed} to go on`}
            value={word}
            onChange={(event) => setWord(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={color} disabled={!mayGo} loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
