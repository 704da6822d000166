// What of a call means what, said by an example: its paths are offered, and beside it stands what would come out.
import { Alert, Button, Group, Text, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconWand } from '@tabler/icons-react'
import { useState } from 'react'
import {
  getInboundWebhook,
  listInboundWebhooks,
  mappingSchema,
  previewInbound,
  updateInboundWebhook,
} from '../../../src/inbound/contract.ts'
import type { InboundWebhook, Mapping } from '../../../src/inbound/contract.ts'
import { showDone, useCall, useWrite } from '../../queries.ts'
import { Section } from '../../ui/section.tsx'
import { useMay } from '../../workspace.ts'
import classes from './inbound-webhooks.module.css'
import { ConsentRows, EventPart, FieldRows, ListChoice } from './mapping-parts.tsx'
import { PreviewResult } from './preview-result.tsx'
import { emptyMapping, guessMapping, readable } from './words.ts'

interface MappingEditorProps {
  webhook: InboundWebhook
  /** a body to begin with, where one was chosen among those that came in */
  example: string | undefined
}

export function MappingEditor({ webhook, example }: MappingEditorProps) {
  const mayWrite = useMay('settings.write')
  const [text, setText] = useState(example === undefined ? '' : readable(example))
  const [mapping, setMapping] = useState<Mapping>(webhook.mapping ?? emptyMapping)
  const change = (part: Partial<Mapping>) => setMapping((before) => ({ ...before, ...part }))
  const complete = completeOf(mapping)
  const [asked] = useDebouncedValue(JSON.stringify({ body: text, mapping: complete }), 300)
  const preview = useCall(
    previewInbound,
    { params: { id: webhook.id }, body: JSON.parse(asked) as { body: string; mapping: Mapping } },
    { enabled: text.trim() !== '', keepPrevious: true },
  )
  const paths = text.trim() === '' ? [] : (preview.data?.paths ?? [])
  const save = useWrite(updateInboundWebhook, {
    stale: [getInboundWebhook, listInboundWebhooks],
    onDone: () => showDone('Saved. Calls are read like this from now on; replay what is parked.'),
  })
  const isValid = complete.fields.length > 0 && mappingSchema.safeParse(complete).success
  return (
    <div className={classes.editor}>
      <div className={classes.column}>
        <Section title="An example" about="Paste what the tool sends, or take a call under “What came in”.">
          <div className={classes.column}>
            <Textarea
              aria-label="Example"
              placeholder={'{"contact": {"email": "ada@example.com"}}'}
              autosize
              minRows={6}
              maxRows={16}
              classNames={{ input: classes.code }}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Group gap={8}>
              <Button
                variant="default"
                leftSection={<IconWand size={16} />}
                disabled={paths.length === 0}
                onClick={() => setMapping(guessMapping(mapping, paths))}
              >
                Suggest a mapping
              </Button>
            </Group>
          </div>
        </Section>
        <Section title="Who it is">
          <div className={classes.column}>
            <ListChoice mapping={mapping} paths={paths} onChange={change} />
            <FieldRows mapping={mapping} paths={paths} onChange={change} />
          </div>
        </Section>
        <Section title="What happened">
          <EventPart mapping={mapping} paths={paths} onChange={change} />
        </Section>
        <Section
          title="Consent"
          about="Words that say yes or no are understood in several languages; silence says nothing."
        >
          <ConsentRows mapping={mapping} paths={paths} onChange={change} />
        </Section>
        {mayWrite ? (
          <Group gap={8}>
            <Button
              disabled={!isValid || JSON.stringify(complete) === JSON.stringify(webhook.mapping)}
              loading={save.isPending}
              onClick={() => save.mutate({ params: { id: webhook.id }, body: { mapping: complete } })}
            >
              Save
            </Button>
            {isValid ? null : (
              <Text fz="xs" c="dimmed">
                Say at least where the e-mail, phone or an id stands.
              </Text>
            )}
          </Group>
        ) : null}
      </div>
      <div className={classes.beside}>
        <Section title="What would come out">
          {text.trim() === '' ? (
            <Text c="dimmed">Give an example to see the lead and the event that it becomes.</Text>
          ) : preview.error ? (
            <Alert color="red" title="That did not work">
              {preview.error.message}
            </Alert>
          ) : preview.data ? (
            <PreviewResult preview={preview.data} />
          ) : null}
        </Section>
      </div>
    </div>
  )
}

// Rows that are not filled in yet say nothing.
function completeOf(mapping: Mapping): Mapping {
  return {
    ...mapping,
    event: { ...mapping.event, name: mapping.event.name.trim() || 'form_submitted' },
    fields: mapping.fields.filter(({ fills, path }) => fills !== '' && path !== ''),
    properties: mapping.properties.filter(({ name, path }) => name.trim() !== '' && path !== ''),
    consents: mapping.consents.filter(({ path }) => path !== ''),
  }
}
