// The tags of a lead, edited where they stand.
import { Button, TagsInput, UnstyledButton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { listFacets } from '../../../src/leads/contract.ts'
import type { LeadDetail } from '../../../src/leads/contract.ts'
import { useCall } from '../../queries.ts'
import { useMay } from '../../workspace.ts'
import { Conflict } from './conflict.tsx'
import { useLeadEdit } from './edit-lead.ts'
import { sameTags } from './lead-change.ts'
import classes from './tags-line.module.css'

export function TagsLine({ lead }: { lead: LeadDetail }) {
  const mayWrite = useMay('leads.write')
  const [draft, setDraft] = useState<{ base: string[]; tags: string[] }>()
  if (draft !== undefined) {
    return <TagsEditor lead={lead} draft={draft} onChange={setDraft} onClose={() => setDraft(undefined)} />
  }
  return (
    <div className={classes.line} role="group" aria-label="Tags">
      {lead.tags.map((tag) => (
        <span key={tag} className={classes.tag}>
          {tag}
        </span>
      ))}
      {mayWrite ? (
        <UnstyledButton
          className={classes.add}
          onClick={() => setDraft({ base: lead.tags, tags: lead.tags })}
        >
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

interface TagsEditorProps {
  lead: LeadDetail
  /** `base`: the tags that the editor knows to stand there */
  draft: { base: string[]; tags: string[] }
  onChange: (draft: { base: string[]; tags: string[] }) => void
  onClose: () => void
}

function TagsEditor({ lead, draft, onChange, onClose }: TagsEditorProps) {
  const { data: facets } = useCall(listFacets, {}, { staleMs: 60_000 })
  const edit = useLeadEdit(lead, { quiet: true })
  const isMet = !sameTags(draft.base, lead.tags) && !sameTags(draft.tags, lead.tags)
  const save = (tags: string[]) => {
    if (sameTags(tags, lead.tags)) return onClose()
    onChange({ base: lead.tags, tags })
    edit.save({ tags }, { onDone: onClose })
  }
  return (
    <>
      <div className={classes.editor}>
        <TagsInput
          aria-label="Tags"
          size="xs"
          data={facets?.tags ?? []}
          value={draft.tags}
          onChange={(tags) => onChange({ ...draft, tags })}
          maxTags={100}
          acceptValueOnBlur
          autoFocus
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            onClose()
          }}
          className={classes.input}
        />
        <Button size="xs" variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button size="xs" onClick={() => save(draft.tags)} loading={edit.isPending} disabled={isMet}>
          Save
        </Button>
      </div>
      {isMet ? (
        <Conflict
          leadId={lead.id}
          field="tags"
          theirs={lead.tags.join(', ') || 'None'}
          mine={draft.tags.join(', ') || 'None'}
          busy={edit.isPending}
          onTheirs={onClose}
          onMine={() => save(draft.tags)}
          onBoth={() => save([...new Set([...lead.tags, ...draft.tags])])}
        />
      ) : edit.problem && edit.problem.code !== 'revision_outdated' ? (
        <p className={classes.problem} role="alert">
          {edit.problem.message}
        </p>
      ) : null}
    </>
  )
}
