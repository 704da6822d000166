// The tags of a lead, edited where they stand.
import { Button, TagsInput, UnstyledButton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { listFacets } from '../../../src/leads/contract.ts'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { useMay } from '../../workspace.ts'
import { useLeadEdit } from './edit-lead.ts'
import classes from './tags-line.module.css'

export function TagsLine({ lead }: { lead: LeadDetail }) {
  const mayWrite = useMay('leads.write')
  const [draft, setDraft] = useState<string[]>()
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  const edit = useLeadEdit(lead)
  const save = () => {
    if (draft === undefined) return
    const isSame = draft.length === lead.tags.length && draft.every((tag) => lead.tags.includes(tag))
    if (isSame) setDraft(undefined)
    else
      edit.save({ tags: draft }, { onDone: () => setDraft(undefined), onProblem: () => setDraft(undefined) })
  }
  if (draft !== undefined) {
    return (
      <div className={classes.editor}>
        <TagsInput
          aria-label="Tags"
          size="xs"
          data={facets?.tags ?? []}
          value={draft}
          onChange={setDraft}
          maxTags={100}
          acceptValueOnBlur
          autoFocus
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            setDraft(undefined)
          }}
          className={classes.input}
        />
        <Button size="xs" variant="default" onClick={() => setDraft(undefined)}>
          Cancel
        </Button>
        <Button size="xs" onClick={save} loading={edit.isPending}>
          Save
        </Button>
      </div>
    )
  }
  return (
    <div className={classes.line} role="group" aria-label="Tags">
      {lead.tags.map((tag) => (
        <span key={tag} className={classes.tag}>
          {tag}
        </span>
      ))}
      {mayWrite ? (
        <UnstyledButton className={classes.add} onClick={() => setDraft(lead.tags)}>
          {lead.tags.length === 0 ? (
            <>
              <IconPlus size={14} stroke={1.75} aria-hidden /> Add tags
            </>
          ) : (
            'Edit tags'
          )}
        </UnstyledButton>
      ) : null}
    </div>
  )
}
