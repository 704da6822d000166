// A link that confirms a new address: one button, for a mail program that opens links by itself must not press it.
import { Button, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { confirmEmail } from '../../../src/accounts/contract.ts'
import { useWrite } from '../../queries.ts'
import { Front } from '../../ui/front.tsx'
import { ButtonLink } from '../../ui/links.tsx'
import { ErrorState } from '../../ui/states.tsx'

export function ConfirmEmailPage() {
  const [token] = useState(() => window.location.hash.slice(1))
  const client = useQueryClient()
  const confirm = useWrite(confirmEmail, { quiet: true, onDone: () => client.clear() })
  if (confirm.data) {
    return (
      <Front title="Your address is confirmed" about={`From now on you sign in with ${confirm.data.email}.`}>
        <ButtonLink to="/" size="md" fullWidth>
          Go on
        </ButtonLink>
      </Front>
    )
  }
  const problem =
    confirm.error ?? (token === '' ? new Error('This link is not complete. Copy the whole link.') : null)
  return (
    <Front title="Confirm your address">
      {problem ? (
        <ErrorState compact problem={problem} />
      ) : (
        <>
          <Text mb={16}>Your account signs in with this address once you confirm it.</Text>
          <Button
            size="md"
            fullWidth
            autoFocus
            loading={confirm.isPending}
            onClick={() => confirm.mutate({ body: { token } })}
          >
            Confirm
          </Button>
        </>
      )}
    </Front>
  )
}
