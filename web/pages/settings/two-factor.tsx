// Two-factor of one's own account: how it stands, turning it on and off, new recovery codes.
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { Suspense, lazy, useState } from 'react'
import { endTwoFactor, getSecurity, renewRecoveryCodes } from '../../../src/accounts/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { count } from '../../ui/format.ts'
import { PasswordDialog } from './password-dialog.tsx'
import { RecoveryCodesDialog } from './recovery-codes.tsx'

// The QR code is drawn by a library that nobody else needs.
const TwoFactorWizard = lazy(() =>
  import('./two-factor-wizard.tsx').then((part) => ({ default: part.TwoFactorWizard })),
)

export function TwoFactor({ isOn, codesLeft }: { isOn: boolean; codesLeft: number }) {
  const [open, setOpen] = useState<'on' | 'off' | 'codes'>()
  const close = () => setOpen(undefined)
  return (
    <Stack gap={16}>
      <Group gap={8}>
        {isOn ? <Badge color="accent">On</Badge> : <Badge color="gray">Off</Badge>}
        <Text c="dimmed">
          {isOn
            ? codesLeft === 0
              ? 'No recovery code is left. Make new ones, so that a lost phone does not lock you out.'
              : `${count(codesLeft, 'recovery code')} left`
            : 'The password alone opens your account.'}
        </Text>
      </Group>
      <Group gap={8}>
        {isOn ? (
          <>
            <Button variant="default" onClick={() => setOpen('codes')}>
              New recovery codes
            </Button>
            <Button variant="default" color="red" onClick={() => setOpen('off')}>
              Turn off
            </Button>
          </>
        ) : (
          <Button onClick={() => setOpen('on')}>Turn on two-factor</Button>
        )}
      </Group>
      {open === 'on' ? (
        <Suspense>
          <TwoFactorWizard onClose={close} />
        </Suspense>
      ) : null}
      {open === 'off' ? <TurnOff onClose={close} /> : null}
      {open === 'codes' ? <RenewCodes onClose={close} /> : null}
    </Stack>
  )
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const end = useWrite(endTwoFactor, {
    stale: [getSecurity],
    quiet: true,
    onDone: () => {
      showDone('Two-factor is off.')
      onClose()
    },
  })
  return (
    <PasswordDialog
      title="Turn two-factor off"
      action="Turn off"
      color="red"
      busy={end.isPending}
      problem={end.error}
      onConfirm={(password) => end.mutate({ body: { password } })}
      onClose={onClose}
    >
      From then on, whoever knows your password can sign in. Your recovery codes stop working.
    </PasswordDialog>
  )
}

function RenewCodes({ onClose }: { onClose: () => void }) {
  const renew = useWrite(renewRecoveryCodes, { stale: [getSecurity], quiet: true })
  if (renew.data) return <RecoveryCodesDialog codes={renew.data.recoveryCodes} onClose={onClose} />
  return (
    <PasswordDialog
      title="New recovery codes"
      action="Make new codes"
      busy={renew.isPending}
      problem={renew.error}
      onConfirm={(password) => renew.mutate({ body: { password } })}
      onClose={onClose}
    >
      Ten new codes take the place of those you have, which stop working at once.
    </PasswordDialog>
  )
}
