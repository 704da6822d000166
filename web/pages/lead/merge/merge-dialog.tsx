// Merges leads by hand: finds the other one, shows all of them side by side with what the merge comes to, and does it.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import {
  getLead,
  getTimeline,
  listConsent,
  listFacets,
  listLeads,
  listNotes,
  listProposals,
  mergeLeads,
  previewMerge,
} from '../../../../src/leads/contract.ts'
import { getDashboard } from '../../../../src/reports/contract.ts'
import { showDone, useCall, useWrite } from '../../../queries.ts'
import { count } from '../../../ui/format.ts'
import { Answer, Loading } from '../../../ui/states.tsx'
import { changedFields, mergeInput } from './choices.ts'
import type { Choices, Preview } from './choices.ts'
import { Comparison } from './comparison.tsx'
import { FindLead } from './find-lead.tsx'

/** Leads that are merged in one step at most. */
export const MERGE_LIMIT = 10

interface MergeDialogProps {
  /** one, whose other half is looked for first, or all that are to be merged; the first stays unless another is chosen */
  leadIds: readonly string[]
  onClose: () => void
  /** told which lead stayed */
  onMerged: (leadId: string) => void
}

export function MergeDialog({ leadIds, onClose, onMerged }: MergeDialogProps) {
  const [ids, setIds] = useState(leadIds)
  const isPhone = useMediaQuery('(max-width: 48em)')
  const [only] = ids
  const isFinding = ids.length < 2
  return (
    <Modal
      opened
      onClose={onClose}
      title={isFinding ? 'Merge with another lead' : `Merge ${count(ids.length, 'lead')}`}
      size={isFinding ? 560 : Math.min(1280, 420 + 220 * ids.length)}
      fullScreen={isPhone}
    >
      {isFinding && only !== undefined ? (
        <FindLead leadId={only} onFound={(id) => setIds([only, id])} />
      ) : (
        <Deciding ids={ids} onClose={onClose} onMerged={onMerged} />
      )}
    </Modal>
  )
}

interface DecidingProps {
  ids: readonly string[]
  onClose: () => void
  onMerged: (leadId: string) => void
}

function Deciding({ ids, onClose, onMerged }: DecidingProps) {
  const [winnerId, setWinnerId] = useState(ids[0]!)
  const [choices, setChoices] = useState<Choices>({})
  const [seen, setSeen] = useState<Preview>()
  const [loserId = '', ...furtherLoserIds] = ids.filter((id) => id !== winnerId)
  const preview = useCall(
    previewMerge,
    { body: { winnerId, loserId, furtherLoserIds } },
    { keepPrevious: true, staleMs: 0 },
  )
  const merge = useWrite(mergeLeads, {
    quiet: true,
    stale: [getLead, getTimeline, listLeads, listNotes, listConsent, listProposals, listFacets, getDashboard],
    onDone: ({ leadId }) => {
      showDone(`${count(ids.length, 'lead')} are one now. Its page can undo it.`)
      onMerged(leadId)
    },
  })
  const submit = (shown: Preview) =>
    merge.mutate(
      { body: mergeInput(shown, choices) },
      {
        onError: ({ code }) => {
          if (code !== 'revision_outdated') return
          setSeen(shown)
          void preview.refetch()
        },
      },
    )
  return (
    <Answer of={preview} compact loading={<Loading lines={8} height={28} label="Comparing the leads" />}>
      {(shown) => (
        <Stack gap={16}>
          {merge.error ? (
            <Alert color={seen ? 'yellow' : 'red'} variant="light" role="alert">
              {merge.error.message}
            </Alert>
          ) : null}
          {preview.error ? (
            <Alert color="red" variant="light" role="alert">
              {preview.error.message}
            </Alert>
          ) : null}
          <Text c="dimmed">
            The others become part of the lead that stays: what they did, their notes and what they are
            recognised by come along. Where they differ, choose what holds.
          </Text>
          <Comparison
            preview={shown}
            shownIds={ids}
            winnerId={winnerId}
            onWinner={setWinnerId}
            choices={choices}
            onChoose={(field, leadId) => setChoices({ ...choices, [field]: leadId })}
            changed={seen ? changedFields(seen, shown) : undefined}
          />
          <Group justify="space-between" gap={8}>
            <Text c="dimmed" fz="xs">
              The merge can be undone on the lead’s page: each lead is then again what it was.
            </Text>
            <Group gap={8} ml="auto">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button
                loading={merge.isPending}
                disabled={preview.isPlaceholderData || preview.isFetching || preview.error !== null}
                onClick={() => submit(shown)}
              >
                Merge {count(ids.length, 'lead')}
              </Button>
            </Group>
          </Group>
        </Stack>
      )}
    </Answer>
  )
}
