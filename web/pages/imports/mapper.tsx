// How a waiting file is read: what it is, its columns, and its first rows as they will be; every change is kept at once.
import { Alert, Button, Select, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import {
  cancelImport,
  changeImport,
  getImport,
  listImports,
  previewImport,
} from '../../../src/imports/contract.ts'
import type { Import, ImportPreview, Mapping } from '../../../src/imports/contract.ts'
import { currencyExponent } from '../../../src/lib/money.ts'
import { useCall, useWrite } from '../../queries.ts'
import { currencies, timeZones } from '../../ui/choices.ts'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { useWorkspace } from '../../workspace.ts'
import { ColumnTable } from './column-table.tsx'
import classes from './imports.module.css'
import { PreviewRows } from './preview-rows.tsx'
import { RehearsalSection } from './rehearsal.tsx'
import { conflictChoices, countryChoices, delimiterChoices, encodingChoices, exportName } from './words.ts'

export function Mapper({ one }: { one: Import }) {
  const preview = useCall(previewImport, { params: { id: one.id } }, { keepPrevious: true })
  return <Answer of={preview}>{(shown) => <Reading one={one} preview={shown} />}</Answer>
}

function Reading({ one, preview }: { one: Import; preview: ImportPreview }) {
  const { slug } = useWorkspace()
  const navigate = useNavigate()
  const change = useWrite(changeImport, { stale: [getImport, previewImport] })
  const start = useWrite(changeImport, { stale: [getImport, listImports] })
  const discard = useWrite(cancelImport, {
    stale: [listImports],
    onDone: () => void navigate({ to: '/w/$workspace/imports', params: { workspace: slug } }),
  })
  const [zones] = useState(timeZones)
  const [countries] = useState(countryChoices)
  const [money] = useState(() => currencies().filter(({ value }) => currencyExponent(value) !== null))
  const params = { id: one.id }
  const asked = change.isPending ? change.variables.body?.mapping : undefined
  const mapping: Mapping = { ...preview.mapping, ...asked }
  const keep = (changed: Mapping) => change.mutate({ params, body: { mapping: changed } })
  const obstacle = preview.obstacle
  return (
    <>
      <Section title="The file" about={exportName(mapping)}>
        <div className={classes.fields}>
          <Select
            label="It holds"
            value={mapping.kind}
            data={[
              { value: 'contacts', label: 'People' },
              { value: 'orders', label: 'Orders' },
            ]}
            onChange={(kind) => kind && keep({ ...mapping, kind: kind === 'orders' ? 'orders' : 'contacts' })}
          />
          <Select
            label="Encoding"
            value={preview.encoding}
            data={encodingChoices}
            onChange={(value) =>
              value && change.mutate({ params, body: { encoding: value as ImportPreview['encoding'] } })
            }
          />
          <Select
            label="Cells are parted by"
            value={preview.delimiter}
            data={delimiterChoices}
            onChange={(value) =>
              value && change.mutate({ params, body: { delimiter: value as ImportPreview['delimiter'] } })
            }
          />
          <Select
            label="Country of phones"
            placeholder="Refuse them"
            searchable
            clearable
            value={mapping.region}
            data={countries}
            onChange={(region) => keep({ ...mapping, region })}
          />
          <Select
            label="Times without a zone"
            searchable
            value={mapping.timeZone}
            data={zones}
            onChange={(timeZone) => timeZone && keep({ ...mapping, timeZone })}
          />
          {mapping.kind === 'orders' && mapping.columns.every(({ target }) => target !== 'order_currency') ? (
            <Select
              label="Currency of the amounts"
              placeholder="Choose"
              searchable
              value={mapping.currency ?? null}
              data={money}
              onChange={(currency) => currency && keep({ ...mapping, currency })}
            />
          ) : null}
          <Select
            label="A lead known already"
            value={mapping.conflict ?? 'update'}
            data={conflictChoices}
            onChange={(conflict) =>
              conflict && keep({ ...mapping, conflict: conflict as NonNullable<Mapping['conflict']> })
            }
          />
        </div>
      </Section>
      <Section
        title="Columns"
        about="What each column becomes. Columns that nobody needs can be left out."
        flush
      >
        <ColumnTable mapping={mapping} columns={preview.columns} onChange={keep} />
      </Section>
      <Section title="As it will be" about="The first rows of the file, read as chosen above." flush>
        <PreviewRows preview={preview} />
      </Section>
      <RehearsalSection one={one} disabled={obstacle !== null || change.isPending} />
      {obstacle ? (
        <Alert color="yellow" icon={<IconAlertTriangle size={16} />} mt={24}>
          {obstacle}
        </Alert>
      ) : null}
      <div className={classes.actions}>
        <Button
          disabled={obstacle !== null || change.isPending}
          loading={start.isPending}
          onClick={() => start.mutate({ params, body: { start: true } })}
        >
          Start the import
        </Button>
        <Button variant="default" loading={discard.isPending} onClick={() => discard.mutate({ params })}>
          Discard the file
        </Button>
      </div>
      <Text c="dimmed" mt={8} fz="xs">
        It goes on when you leave this page. An unsubscribe in the file always counts; a consent only where
        the file tells when it was given. Updating a known lead leaves alone what people told you themselves;
        overwriting does not.
      </Text>
    </>
  )
}
