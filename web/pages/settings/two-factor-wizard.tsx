// Turning two-factor on, in three steps: the password, the QR code with a first code from the app, the recovery codes.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { QRCodeSVG } from 'qrcode.react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import {
  confirmTwoFactor,
  getSecurity,
  listSessions,
  startTwoFactor,
} from '../../../src/accounts/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { CopyIcon } from '../../ui/copy-field.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { RecoveryCodesDialog } from './recovery-codes.tsx'
import classes from './two-factor-wizard.module.css'

export function TwoFactorWizard({ onClose }: { onClose: () => void }) {
  const start = useWrite(startTwoFactor, { quiet: true })
  const confirm = useWrite(confirmTwoFactor, { stale: [getSecurity, listSessions], quiet: true })
  if (!start.data) {
    return (
      <PasswordDialog
        title="Turn on two-factor"
        action="Go on"
        busy={start.isPending}
        problem={start.error}
        onConfirm={(password) => start.mutate({ body: { password } })}
        onClose={onClose}
      >
        You need an authenticator app on your phone, such as the one of your password manager.
      </PasswordDialog>
    )
  }
  if (confirm.data) {
    return (
      <RecoveryCodesDialog
        codes={start.data.recoveryCodes}
        onClose={() => {
          showDone('Two-factor is on.')
          onClose()
        }}
      />
    )
  }
  return (
    <Scan
      uri={start.data.uri}
      secret={start.data.secret}
      busy={confirm.isPending}
      problem={confirm.error?.message}
      onCode={(code) => confirm.mutate({ body: { code } })}
      onClose={onClose}
    />
  )
}

interface ScanProps {
  uri: string
  secret: string
  busy: boolean
  problem: string | undefined
  onCode: (code: string) => void
  onClose: () => void
}

function Scan({ uri, secret, busy, problem, onCode, onClose }: ScanProps) {
  const [code, setCode] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onCode(code)
  }
  return (
    <Modal opened onClose={onClose} title="Scan this with your app" size={440} closeOnClickOutside={false}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <div className={classes.code}>
            <QRCodeSVG value={uri} size={192} marginSize={2} title="QR code for your authenticator app" />
          </div>
          <div>
            <Text fz="sm" c="dimmed">
              Cannot scan? Type this key into the app:
            </Text>
            <Group gap={4} wrap="nowrap">
              <Text ff="monospace" className={classes.secret}>
                {secret.match(/.{1,4}/g)?.join(' ')}
              </Text>
              <CopyIcon value={secret} label="key" />
            </Group>
          </div>
          <TextInput
            label="Code"
            description="The six digits that the app shows now"
            required
            data-autofocus
            inputMode="numeric"
            autoComplete="one-time-code"
            placeholder="123 456"
            minLength={6}
            maxLength={7}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={problem}
          />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Turn on
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
