// The columns of a file with samples of their cells, and what each is read as.
import { Select, Text, TextInput } from '@mantine/core'
import { fieldKeyOf } from '../../../src/imports/contract.ts'
import type { ColumnMapping, ImportPreview, ImportTarget, Mapping } from '../../../src/imports/contract.ts'
import { DataTable } from '../../ui/data-table.tsx'
import classes from './imports.module.css'
import { dateOrderChoices, decimalChoices, targetChoices, typeChoices } from './words.ts'

interface ColumnTableProps {
  mapping: Mapping
  columns: ImportPreview['columns']
  onChange: (mapping: Mapping) => void
}

export function ColumnTable({ mapping, columns, onChange }: ColumnTableProps) {
  const rows = mapping.columns.map((column, index) => ({
    column,
    index,
    samples: columns[index]?.samples ?? [],
  }))
  const replace = (index: number, changed: ColumnMapping) =>
    onChange({ ...mapping, columns: mapping.columns.map((column, at) => (at === index ? changed : column)) })
  const choices = targetChoices(mapping.kind)
  return (
    <DataTable
      label="Columns"
      maxHeight="520px"
      rows={rows}
      rowId={({ index }) => String(index)}
      columns={[
        {
          key: 'header',
          header: 'In the file',
          cell: ({ column, samples }) => (
            <>
              <Text fw={500} component="span" display="block">
                {column.header}
              </Text>
              <span className={classes.samples} title={samples.join(' · ')} style={{ display: 'block' }}>
                {samples.slice(0, 3).join(' · ') || 'empty'}
              </span>
            </>
          ),
        },
        {
          key: 'target',
          header: 'Becomes',
          width: 264,
          cell: ({ column, index }) => (
            <Select
              aria-label={`${column.header} becomes`}
              searchable
              value={column.target}
              data={choices}
              onChange={(target) =>
                target && replace(index, retarget(mapping, index, target as ImportTarget))
              }
            />
          ),
        },
        {
          key: 'how',
          header: 'Read as',
          width: 336,
          show: 'wide',
          cell: ({ column, index }) => (
            <Details column={column} onChange={(changed) => replace(index, changed)} />
          ),
        },
      ]}
    />
  )
}

function Details({ column, onChange }: { column: ColumnMapping; onChange: (column: ColumnMapping) => void }) {
  const hasDate = column.dateOrder !== undefined || column.type === 'date' || column.target.endsWith('_at')
  const hasNumber = column.decimal !== undefined || column.type === 'number'
  return (
    <div className={classes.reading}>
      {column.target === 'custom' ? (
        <>
          <TextInput
            key={column.label}
            aria-label={`Name of the custom field for ${column.header}`}
            defaultValue={column.label ?? column.header}
            w={152}
            maxLength={100}
            onBlur={({ currentTarget }) => {
              const label = currentTarget.value.trim()
              if (label !== '' && label !== (column.label ?? column.header)) onChange({ ...column, label })
            }}
          />
          <Select
            aria-label={`Type of ${column.header}`}
            w={112}
            value={column.type ?? 'text'}
            data={typeChoices}
            onChange={(type) =>
              type && onChange({ ...column, type: type as NonNullable<ColumnMapping['type']> })
            }
          />
        </>
      ) : null}
      {hasDate && column.target !== 'ignore' ? (
        <Select
          aria-label={`Order of dates in ${column.header}`}
          w={136}
          placeholder="Choose"
          error={column.dateOrder === undefined}
          value={column.dateOrder ?? null}
          data={dateOrderChoices}
          onChange={(order) =>
            order && onChange({ ...column, dateOrder: order as NonNullable<ColumnMapping['dateOrder']> })
          }
        />
      ) : null}
      {hasNumber && column.target !== 'ignore' ? (
        <Select
          aria-label={`Numbers in ${column.header}`}
          w={120}
          value={column.decimal ?? '.'}
          data={decimalChoices}
          onChange={(decimal) => decimal && onChange({ ...column, decimal: decimal === ',' ? ',' : '.' })}
        />
      ) : null}
    </div>
  )
}

function retarget(mapping: Mapping, index: number, target: ImportTarget): ColumnMapping {
  const { header, dateOrder, decimal, prefix, lacksPlus } = mapping.columns[index] ?? { header: '' }
  const kept: ColumnMapping = { header, target, dateOrder, decimal, prefix, lacksPlus }
  if (target !== 'custom') return kept
  const taken = new Set(mapping.columns.map(({ key }) => key))
  const base = fieldKeyOf(header) || `column_${index + 1}`
  let key = base
  for (let count = 2; taken.has(key); count++) key = `${base}_${count}`
  return { ...kept, key, label: header.slice(0, 100), type: 'text' }
}
