// The form that records an act of consent or refusal with its proof.
import {
  Alert,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
  Textarea,
} from '@mantine/core'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { getLead, getTimeline, listConsent, purposes, setConsent } from '../../../src/leads/contract.ts'
import type { LeadDetail, Purpose } from '../../../src/leads/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { fieldErrors } from '../../ui/problems.ts'
import { purposeNames } from './purposes.ts'

interface RecordConsentProps {
  lead: LeadDetail
  purpose: Purpose
  onClose: () => void
}

export function RecordConsent({ lead, purpose: first, onClose }: RecordConsentProps) {
  const [purpose, setPurpose] = useState(first)
  const [state, setState] = useState<'granted' | 'denied'>('granted')
  const [when, setWhen] = useState('')
  const [proof, setProof] = useState('')
  const record = useWrite(setConsent, {
    quiet: true,
    stale: [getLead, listConsent, getTimeline],
    onDone: ({ tookEffect }) => {
      showDone(
        tookEffect
          ? 'The act is recorded and holds.'
          : 'The act is kept as evidence; what stands is newer or the same.',
      )
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    record.mutate({
      params: { id: lead.id },
      body: { purpose, state, proof, ...(when === '' ? {} : { actedAt: new Date(when).toISOString() }) },
    })
  }
  const errors = record.error ? fieldErrors(record.error, ['proof', 'actedAt']) : {}
  const isAboutTime = record.error?.code === 'act_in_future'
  return (
    <Modal opened onClose={onClose} title={`What ${lead.label} said`} size={480}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          {record.error && Object.keys(errors).length === 0 && !isAboutTime ? (
            <Alert color="red" variant="light" role="alert">
              {record.error.message}
            </Alert>
          ) : null}
          <Select
            label="Purpose"
            data={purposes.map((one) => ({ value: one, label: purposeNames[one] }))}
            value={purpose}
            onChange={(chosen) => setPurpose(purposes.find((one) => one === chosen) ?? purpose)}
          />
          <SegmentedControl
            aria-label="What the person said"
            data={[
              { value: 'granted', label: 'Agreed' },
              { value: 'denied', label: 'Refused' },
            ]}
            value={state}
            onChange={(chosen) => setState(chosen === 'denied' ? 'denied' : 'granted')}
          />
          <TextInput
            label="When"
            description="By the clock of this computer; now, if left empty"
            type="datetime-local"
            value={when}
            onChange={(event) => setWhen(event.currentTarget.value)}
            error={isAboutTime ? record.error?.message : errors.actedAt}
          />
          <Textarea
            label="Proof"
            description="How you know: the form, the call, the letter"
            autosize
            minRows={2}
            maxLength={2000}
            required
            minLength={3}
            value={proof}
            onChange={(event) => setProof(event.currentTarget.value)}
            error={errors.proof}
            data-autofocus
          />
          <Text fz="xs" c="dimmed">
            Your name is recorded with it. Of two acts the newer holds.
          </Text>
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={record.isPending}>
              Record
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
