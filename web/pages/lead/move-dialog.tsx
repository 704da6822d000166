// Moving a lead to another stage: which, why, and what it is worth.
import { Alert, Button, Group, Modal, NumberInput, Select, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { getTimeline } from '../../../src/leads/contract.ts'
import {
  currentStage,
  isBackward,
  moveStage,
  stageHistory,
  stageLabels,
  stages,
} from '../../../src/projections/lifecycle/contract.ts'
import type { Stage } from '../../../src/projections/lifecycle/contract.ts'
import { getJourney, journeyStatistics } from '../../../src/projections/journey/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { fieldErrors } from '../../ui/problems.ts'

interface MoveDialogProps {
  lead: { id: string; label: string }
  stage: Stage
  onClose: () => void
}

export function MoveDialog({ lead, stage, onClose }: MoveDialogProps) {
  const next = stages[stages.indexOf(stage) + 1] ?? 'customer'
  const [to, setTo] = useState<Stage>(next)
  const [reason, setReason] = useState('')
  const [amount, setAmount] = useState<number | string>('')
  const move = useWrite(moveStage, {
    quiet: true,
    stale: [currentStage, stageHistory, getJourney, getTimeline],
    onDone: ({ stage: now }) => {
      showDone(`${lead.label} is in ${stageLabels[now]} now.`)
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const value = Number(amount)
    move.mutate({
      params: { id: lead.id },
      body: { stage: to, reason, ...(amount !== '' && value > 0 ? { amount: { value } } : {}) },
    })
  }
  const { data: journey } = useCall(journeyStatistics, { params: { id: lead.id } }, { staleMs: 60_000 })
  const errors = move.error ? fieldErrors(move.error, ['reason']) : {}
  const mayBeWorth = to === 'opportunity' || to === 'customer'
  return (
    <Modal opened onClose={onClose} title={`Move ${lead.label}`} size={440}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          {move.error && !errors.reason ? (
            <Alert color="red" variant="light" role="alert">
              {move.error.message}
            </Alert>
          ) : null}
          <Select
            label="To"
            allowDeselect={false}
            data={stages.map((one) => ({
              value: one,
              label: one === stage ? `${stageLabels[one]} (where it is)` : stageLabels[one],
            }))}
            value={to}
            onChange={(chosen) => setTo(stages.find((one) => one === chosen) ?? to)}
          />
          <Textarea
            label="Why"
            autosize
            minRows={2}
            maxLength={500}
            required
            placeholder={isBackward(stage, to) ? 'No budget this year' : 'Asked for an offer on the phone'}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={errors.reason}
            data-autofocus
          />
          {mayBeWorth ? (
            <NumberInput
              label="Worth"
              description="What it may bring or brought; it counts where no order does"
              min={0}
              decimalScale={2}
              thousandSeparator=","
              suffix={journey ? ` ${journey.currency}` : ''}
              value={amount}
              onChange={setAmount}
            />
          ) : null}
          <Text fz="xs" c="dimmed">
            {isBackward(stage, to)
              ? 'The rules bring it forward again only for what happens from now on.'
              : 'Your name and the reason stay in the history.'}
          </Text>
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={move.isPending}>
              Move
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
