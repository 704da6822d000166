// Judges a row before its cells are read: as many cells as columns, characters that can be stored, no swallowed rows.
import { maxCellCharacters } from '../lib/csv/rows.ts'
import type { ColumnMapping } from './contract.ts'

export interface RowCheck {
  severity: 'rejected' | 'warning'
  column: string
  problem: string
}

/**
 * What is wrong with a row as a whole, or null. Filled cells beyond the header reject it, since any of the cells may
 * stand in a wrong column; missing ones at the end are taken as empty with a warning (spreadsheets leave them off).
 */
export function rowProblem(
  cells: readonly string[],
  columns: readonly ColumnMapping[],
  delimiter: string,
): RowCheck | null {
  const width = columns.length
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index] as string
    if (index >= width) {
      if (cell.trim() === '') continue
      return rejected(
        '',
        `The row has ${cells.length} cells, but the file has ${width} columns; a cell that holds ${nameOf(delimiter)} needs quotation marks around it.`,
      )
    }
    if (cell.length > 60 && swallowsRows(cell, width, delimiter)) {
      return rejected(
        headerAt(columns, index),
        'The cell runs over several lines and holds whole rows; a quotation mark in it is probably not closed.',
      )
    }
    if (cell.length > maxCellCharacters) {
      return rejected(headerAt(columns, index), 'The cell is longer than 1,048,576 characters.')
    }
    if (cell.includes('\u0000')) {
      return rejected(headerAt(columns, index), 'The cell holds a NUL character, which no field can hold.')
    }
    if (cell.includes('\ufffd')) {
      return rejected(
        headerAt(columns, index),
        'The cell holds bytes that are no characters in the encoding of the file (shown as \ufffd); save the file as UTF-8.',
      )
    }
  }
  if (cells.length >= width) return null
  return {
    severity: 'warning',
    column: '',
    problem: `The row has ${cells.length} of ${width} cells; the missing ones were taken as empty.`,
  }
}

/** True where a row with one filled cell looks like the first line of a report's footer: by its words, or as a lone cell after a blank line. */
export function footerStarts(cells: readonly string[], afterBlank: boolean): boolean {
  const text = cells.find((cell) => cell.trim() !== '') ?? ''
  return !text.includes('@') && ((afterBlank && cells.length === 1) || footerWords.test(text))
}

const footerWords = /total|copyright|\(c\)|©|records|report|generated|confidential|exported/i

function rejected(column: string, problem: string): RowCheck {
  return { severity: 'rejected', column, problem }
}

function headerAt(columns: readonly ColumnMapping[], index: number): string {
  return columns[index]?.header ?? ''
}

function nameOf(delimiter: string): string {
  return { ',': 'a comma', ';': 'a semicolon', '\t': 'a tab', '|': 'a |' }[delimiter] ?? delimiter
}

function swallowsRows(cell: string, width: number, delimiter: string): boolean {
  if (width < 3 || !cell.includes('\n')) return false
  return cell.split('\n').some((line) => line.split(delimiter).length >= width)
}
