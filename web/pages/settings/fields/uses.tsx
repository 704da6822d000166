// What names a custom field, and where it came from.
import { Modal, Stack, Text } from '@mantine/core'
import type { Field, FieldUse } from '../../../../src/leads/fields/contract.ts'
import { count } from '../../../ui/format.ts'
import { TextLink } from '../../../ui/links.tsx'
import { Time } from '../../../ui/time.tsx'
import { useWorkspace } from '../../../workspace.ts'
import { useActorName } from '../../lead/actors.ts'
import { originNames, wordsOfUse } from './field-words.ts'
import classes from './fields.module.css'

export function UsesDialog({ field, onClose }: { field: Field; onClose: () => void }) {
  const { slug } = useWorkspace()
  return (
    <Modal opened onClose={onClose} title={field.label} size={480}>
      <Stack gap={16}>
        <div>
          <Text fw={600} component="h3" mb={4}>
            What uses it
          </Text>
          {field.uses.length === 0 ? (
            <Text c="dimmed">No view, segment, rule, waiting file or bulk work names it.</Text>
          ) : (
            <UseList uses={field.uses} />
          )}
        </div>
        <div>
          <Text fw={600} component="h3" mb={4}>
            Where it came from
          </Text>
          <Text>
            {field.origin ? originNames[field.origin] : 'That was not kept'}, <Time at={field.createdAt} />.
          </Text>
          {field.imports.length > 0 ? (
            <ul className={classes.list}>
              {field.imports.map(({ id, fileName, at }) => (
                <li key={id}>
                  <TextLink to="/w/$workspace/imports/$importId" params={{ workspace: slug, importId: id }}>
                    {fileName}
                  </TextLink>{' '}
                  <Text component="span" c="dimmed">
                    <Time at={at} />
                  </Text>
                </li>
              ))}
              {field.importCount > field.imports.length ? (
                <li>and {count(field.importCount - field.imports.length, 'older import')}</li>
              ) : null}
            </ul>
          ) : null}
        </div>
        {field.formerKeys.length > 0 ? (
          <Text c="dimmed">
            What still comes in as {field.formerKeys.join(', ')} is kept here: {field.label} took over from
            {field.formerKeys.length === 1 ? ' it' : ' them'}.
          </Text>
        ) : null}
      </Stack>
    </Modal>
  )
}

/** The uses as lines, each with who owns it. */
export function UseList({ uses }: { uses: readonly FieldUse[] }) {
  const actorName = useActorName()
  return (
    <ul className={classes.list} aria-label="What uses the field">
      {uses.map((use) => (
        <li key={`${use.kind} ${use.id}`}>
          {wordsOfUse(use).replace(/^./, (first) => first.toUpperCase())}
          {use.owner === '' || use.owner === 'product' ? null : (
            <Text component="span" c="dimmed">
              , {actorName(use.owner) ?? 'nobody in particular'}
            </Text>
          )}
        </li>
      ))}
    </ul>
  )
}
