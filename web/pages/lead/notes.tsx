// Notes on a lead: write, read, remove.
import { ActionIcon, Button, Textarea, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { addNote, getTimeline, listNotes, removeNote } from '../../../src/leads/contract.ts'
import { useCall, useWrite } from '../../queries.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useMay } from '../../workspace.ts'
import { useActorName } from './actors.ts'
import classes from './notes.module.css'

export function NotesTab({ leadId }: { leadId: string }) {
  const mayWrite = useMay('leads.write')
  const actorName = useActorName()
  const notes = useCall(listNotes, { params: { id: leadId } })
  const [removing, setRemoving] = useState<string>()
  const remove = useWrite(removeNote, { stale: [listNotes], onDone: () => setRemoving(undefined) })
  return (
    <>
      {mayWrite ? <NewNote leadId={leadId} /> : null}
      <Answer
        of={notes}
        compact
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState compact title="No notes yet">
            What was said on the phone, what to remember for the next mail: it stands here for the whole team.
          </EmptyState>
        }
      >
        {({ items }) => (
          <ul className={classes.list} aria-label="Notes">
            {items.map((note) => (
              <li key={note.id} className={classes.note}>
                <div className={classes.head}>
                  <span className={classes.author}>{actorName(note.author) ?? note.author}</span>
                  <Time at={note.createdAt} />
                  {mayWrite ? (
                    <Tooltip label="Remove the note">
                      <ActionIcon
                        size="sm"
                        className={classes.remove}
                        aria-label="Remove the note"
                        onClick={() => setRemoving(note.id)}
                      >
                        <IconTrash size={14} stroke={1.6} />
                      </ActionIcon>
                    </Tooltip>
                  ) : null}
                </div>
                <p className={classes.body}>{note.body}</p>
              </li>
            ))}
          </ul>
        )}
      </Answer>
      <ConfirmDialog
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title="Remove this note?"
        action="Remove note"
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate({ params: { id: leadId, noteId: removing } })}
      >
        One note goes for good; it cannot be brought back.
      </ConfirmDialog>
    </>
  )
}

function NewNote({ leadId }: { leadId: string }) {
  const [body, setBody] = useState('')
  const add = useWrite(addNote, { stale: [listNotes, getTimeline], onDone: () => setBody('') })
  const send = () => {
    if (body.trim()) add.mutate({ params: { id: leadId }, body: { body } })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <Textarea
        aria-label="New note"
        placeholder="Write a note"
        autosize
        minRows={2}
        maxRows={12}
        maxLength={10_000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
        }}
      />
      <div className={classes.send}>
        <Button type="submit" size="xs" disabled={!body.trim()} loading={add.isPending}>
          Add note
        </Button>
      </div>
    </form>
  )
}
