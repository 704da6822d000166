// A table that a person can work in: sticky header, sorting, selection, hover actions, and j / k / x / Enter on the rows.
import { Checkbox, UnstyledButton } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useRef } from 'react'
import type { KeyboardEvent, MouseEvent, ReactNode, Ref } from 'react'
import classes from './data-table.module.css'

export interface Column<Row> {
  key: string
  header: string
  cell: (row: Row) => ReactNode
  /** numbers stand at the right */
  align?: 'right'
  /** CSS width; the others share what is left */
  width?: number | string
  /** px; below it the table scrolls sideways */
  minWidth?: number
  /** the name that the server sorts by; without it the header is no button */
  sort?: string
  /** `wide`: hidden on a phone */
  show?: 'wide'
}

export interface Sort {
  by: string
  order: 'asc' | 'desc'
}

export interface Selection {
  ids: ReadonlySet<string>
  onChange: (ids: ReadonlySet<string>) => void
}

/** The rows that are drawn of a long list; virtual-table.tsx works it out. */
export interface DrawnWindow {
  scroller: Ref<HTMLDivElement>
  /** px of the rows left out above and below */
  above: number
  below: number
  /** where the drawn rows begin in the list, and how many the list has */
  first: number
  total: number
  /** all rows that are loaded, drawn or not */
  ids: readonly string[]
  /** px; below it the table scrolls sideways */
  minWidth: number
}

export interface DataTableProps<Row> {
  /** what it lists, for screen readers */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** names a row, for its checkbox */
  rowLabel?: (row: Row) => string
  onOpen?: (row: Row) => void
  /** the row whose detail is open beside the list */
  openId?: string
  sort?: Sort
  onSort?: (sort: Sort) => void
  selection?: Selection
  /** shown at the end of a row on hover and focus */
  rowActions?: (row: Row) => ReactNode
  /** CSS; from it on the table scrolls in itself, below its header */
  maxHeight?: string
  /** below the last row: how many there are, a button for more */
  footer?: ReactNode
  /** the page's main list, to which j and k belong */
  keyboard?: boolean
  /** `rows` are only those in sight; the table fills the height it is given */
  drawn?: DrawnWindow
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    columns,
    rows,
    rowId,
    rowLabel,
    onOpen,
    openId,
    sort,
    onSort,
    selection,
    rowActions,
    maxHeight,
    footer,
    drawn,
  } = props
  const body = useRef<HTMLTableSectionElement>(null)
  const step = (by: number) => {
    if (!props.keyboard) return
    const all = [...(body.current?.rows ?? [])].filter((row) => !row.ariaHidden)
    const at = all.findIndex((row) => row.contains(document.activeElement))
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  useHotkeys([
    ['j', () => step(1)],
    ['k', () => step(-1)],
  ])
  const pick = (id: string) => {
    if (!selection) return
    const ids = new Set(selection.ids)
    if (!ids.delete(id)) ids.add(id)
    selection.onChange(ids)
  }
  const onKey = (event: KeyboardEvent<HTMLTableRowElement>, row: Row) => {
    if (event.target !== event.currentTarget) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next =
        event.key === 'ArrowDown'
          ? event.currentTarget.nextElementSibling
          : event.currentTarget.previousElementSibling
      if (next instanceof HTMLElement) next.focus()
    } else if (event.key === 'Enter' && onOpen) onOpen(row)
    else if (event.key === 'x' && selection) pick(rowId(row))
    else return
    event.preventDefault()
  }
  const areRowsFocusable = onOpen !== undefined || selection !== undefined
  const cells = columns.length + (selection ? 1 : 0) + (rowActions ? 1 : 0)
  const loaded = selection ? (drawn?.ids ?? rows.map(rowId)) : []
  const allPicked = loaded.length > 0 && loaded.every((id) => selection?.ids.has(id))
  return (
    <div className={classes.frame} data-fills={drawn ? true : undefined}>
      <div
        ref={drawn?.scroller}
        className={classes.scroller}
        style={{ maxHeight }}
        {...(areRowsFocusable ? {} : { tabIndex: 0, role: 'group', 'aria-label': props.label })}
      >
        <table
          className={classes.table}
          aria-label={props.label}
          aria-rowcount={drawn ? drawn.total + 1 : undefined}
          style={drawn ? { tableLayout: 'fixed', minWidth: drawn.minWidth } : undefined}
        >
          <thead>
            <tr>
              {selection ? (
                <th className={classes.pick} scope="col">
                  <Checkbox
                    size="xs"
                    aria-label={allPicked ? 'Select none' : 'Select all that are loaded'}
                    checked={allPicked}
                    indeterminate={!allPicked && selection.ids.size > 0}
                    onChange={() => selection.onChange(new Set(allPicked ? [] : loaded))}
                  />
                </th>
              ) : null}
              {columns.map((column) => (
                <Head key={column.key} column={column} sort={sort} onSort={onSort} />
              ))}
              {rowActions ? (
                <th className={classes.actions} scope="col">
                  <span className={classes.hidden}>Actions</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody ref={body}>
            {drawn && drawn.above > 0 ? <Gap height={drawn.above} cells={cells} /> : null}
            {rows.map((row, index) => {
              const id = rowId(row)
              return (
                <tr
                  key={id}
                  aria-rowindex={drawn ? drawn.first + index + 2 : undefined}
                  tabIndex={areRowsFocusable ? (index === 0 ? 0 : -1) : undefined}
                  data-open={id === openId || undefined}
                  data-picked={selection?.ids.has(id) || undefined}
                  data-opens={onOpen ? true : undefined}
                  onClick={(event) => {
                    if (onOpen && !isControl(event)) onOpen(row)
                  }}
                  onKeyDown={(event) => onKey(event, row)}
                >
                  {selection ? (
                    <td className={classes.pick}>
                      <Checkbox
                        size="xs"
                        aria-label={`Select ${rowLabel?.(row) ?? id}`}
                        checked={selection.ids.has(id)}
                        onChange={() => pick(id)}
                      />
                    </td>
                  ) : null}
                  {columns.map((column) => (
                    <td key={column.key} data-align={column.align} data-show={column.show}>
                      {column.cell(row)}
                    </td>
                  ))}
                  {rowActions ? (
                    <td className={classes.actions}>
                      <div className={classes.hover}>{rowActions(row)}</div>
                    </td>
                  ) : null}
                </tr>
              )
            })}
            {drawn && drawn.below > 0 ? <Gap height={drawn.below} cells={cells} /> : null}
          </tbody>
        </table>
      </div>
      {footer ? <div className={classes.footer}>{footer}</div> : null}
    </div>
  )
}

function Gap({ height, cells }: { height: number; cells: number }) {
  return (
    <tr aria-hidden className={classes.gap}>
      <td colSpan={cells} style={{ height }} />
    </tr>
  )
}

function Head<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>
  sort?: Sort
  onSort?: (sort: Sort) => void
}) {
  const { sort: by } = column
  const current = by !== undefined && sort?.by === by ? sort.order : undefined
  const turned = current === 'desc' ? 'asc' : 'desc'
  return (
    <th
      scope="col"
      style={{ width: column.width, minWidth: column.minWidth }}
      data-align={column.align}
      data-show={column.show}
      aria-sort={current ? (current === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      {by !== undefined && onSort ? (
        <UnstyledButton
          className={classes.sort}
          data-current={current}
          onClick={() => onSort({ by, order: turned })}
        >
          {column.header}
          {current === 'asc' ? (
            <IconArrowUp size={14} aria-hidden />
          ) : (
            <IconArrowDown size={14} aria-hidden />
          )}
        </UnstyledButton>
      ) : (
        column.header
      )}
    </th>
  )
}

// A click on a control in the row, or one that ends a selection of text, does not open the row.
function isControl(event: MouseEvent): boolean {
  if (event.target instanceof Element && event.target.closest('a, button, input, label, [role="menuitem"]'))
    return true
  return (window.getSelection()?.toString() ?? '') !== ''
}
