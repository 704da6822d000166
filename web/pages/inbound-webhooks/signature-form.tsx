// How the calls of a webhook are verified: the way of signing, its details, and the secret.
import { Alert, Button, Group, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent } from 'react'
import {
  getInboundWebhook,
  listInboundWebhooks,
  signatureSchema,
  updateInboundWebhook,
} from '../../../src/inbound/contract.ts'
import type { InboundWebhook, Signature } from '../../../src/inbound/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { Section } from '../../ui/section.tsx'
import classes from './inbound-webhooks.module.css'
import { wayOf, ways } from './words.ts'

export function SignatureForm({ webhook }: { webhook: InboundWebhook }) {
  const [signature, setSignature] = useState(webhook.signature)
  const [secret, setSecret] = useState('')
  const set = (part: Partial<Signature>) => setSignature((before) => ({ ...before, ...part }))
  const way = wayOf(signature)
  const save = useWrite(updateInboundWebhook, {
    stale: [getInboundWebhook, listInboundWebhooks],
    quiet: true,
    onDone: () => {
      setSecret('')
      showDone('Saved. Calls are verified like this from now on.')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({
      params: { id: webhook.id },
      body: { signature, ...(secret === '' ? {} : { secret }) },
    })
  }
  const needsSecret = signature.scheme !== 'none'
  return (
    <Section title="How calls prove whom they are from">
      <form onSubmit={submit} className={classes.column}>
        <Select
          label="Way"
          description={ways[way]?.about}
          data={Object.entries(ways).map(([value, { label }]) => ({ value, label }))}
          value={way}
          allowDeselect={false}
          onChange={(value) => set(signatureSchema.parse(ways[value ?? 'none']?.signature ?? {}))}
        />
        {signature.scheme === 'header_secret' || signature.scheme === 'hmac' ? (
          <TextInput
            label="Header"
            value={signature.header}
            onChange={(event) => set({ header: event.currentTarget.value })}
          />
        ) : null}
        {signature.scheme === 'hmac' ? <HashDetails signature={signature} onChange={set} /> : null}
        {signature.scheme === 'standard_webhooks' || signature.time !== 'none' ? (
          <NumberInput
            label="Seconds that a call may be old"
            min={30}
            max={86_400}
            clampBehavior="strict"
            value={signature.toleranceSeconds}
            onChange={(value) => set({ toleranceSeconds: Number(value) || 300 })}
          />
        ) : null}
        {needsSecret ? (
          <PasswordInput
            label="Secret"
            placeholder={webhook.hasSecret ? 'Set; leave it empty to keep it' : 'The same as at the tool'}
            autoComplete="off"
            required={!webhook.hasSecret}
            minLength={8}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        ) : null}
        {save.error ? (
          <Alert color="red" title="That did not work" role="alert">
            {save.error.message}
          </Alert>
        ) : null}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Section>
  )
}

function HashDetails({
  signature,
  onChange,
}: {
  signature: Signature
  onChange: (part: Partial<Signature>) => void
}) {
  return (
    <div className={classes.pair}>
      <Select
        label="Hash"
        data={['sha256', 'sha1', 'sha512']}
        value={signature.algorithm}
        allowDeselect={false}
        onChange={(value) =>
          onChange({
            algorithm: (['sha256', 'sha1', 'sha512'] as const).find((one) => one === value) ?? 'sha256',
          })
        }
      />
      <Select
        label="Written as"
        data={['hex', 'base64']}
        value={signature.encoding}
        allowDeselect={false}
        onChange={(value) => onChange({ encoding: value === 'base64' ? 'base64' : 'hex' })}
      />
      <TextInput
        label="Before the hash"
        placeholder="sha256="
        maxLength={20}
        value={signature.prefix}
        onChange={(event) => onChange({ prefix: event.currentTarget.value })}
      />
      <TextInput
        label="What is hashed"
        description="{time} and {body} stand for themselves."
        maxLength={60}
        value={signature.signs}
        onChange={(event) => onChange({ signs: event.currentTarget.value })}
      />
      {signature.time === 'header' ? (
        <TextInput
          label="Header of the time"
          value={signature.timeHeader}
          onChange={(event) => onChange({ timeHeader: event.currentTarget.value })}
        />
      ) : null}
    </div>
  )
}
