// Delimiter, header row and names of columns, and what is no CSV at all.
import { describe, expect, test } from 'vitest'
import { detectDialect, nameColumns } from './dialect.ts'
import { createEncodingScan } from './encoding.ts'
import { fileProblem } from './file-kind.ts'

describe('the dialect', () => {
  test('a semicolon file with decimal commas is not taken for a comma file', () => {
    const found = detectDialect('Namn;E-post;Belopp\nAnna;a@x.se;1,50\nBo;b@x.se;2,75\n', true)
    expect(found).toEqual({ delimiter: ';', headerRow: 1, headers: ['Namn', 'E-post', 'Belopp'] })
  })

  test('commas inside addresses do not win over the tabs between cells', () => {
    const found = detectDialect('Name\tAddress\nA\tMain St, 1, Town\nB\tOther St, 2, Town\n', true)
    expect(found.delimiter).toBe('\t')
  })

  test('a sep= line settles the delimiter and is no row of data', () => {
    expect(detectDialect('sep=;\na,b;c\n1,2;3\n', true)).toEqual({
      delimiter: ';',
      headerRow: 2,
      headers: ['a,b', 'c'],
    })
  })

  test('one column needs no delimiter', () => {
    expect(detectDialect('Email\na@x.se\nb@x.se\n', true)).toEqual({
      delimiter: ',',
      headerRow: 1,
      headers: ['Email'],
    })
  })

  test('lines above the header are preamble', () => {
    const found = detectDialect('Exported by Anna\n\nName,Email,City\nA,a@x.se,B\nC,c@x.se,D\n', true)
    expect(found.headerRow).toBe(3)
  })

  test('a file that begins with people has no header, and its columns are numbered', () => {
    const found = detectDialect('Anna,anna@x.se\nBo,bo@x.se\n', true)
    expect(found).toEqual({ delimiter: ',', headerRow: 0, headers: ['Column 1', 'Column 2'] })
  })

  test('a header that is narrower than the rows is found by the data below it', () => {
    const trailing = detectDialect('Name,Email,City\nAnna,anna@x.se,Oslo,\nBo,bo@x.se,Rom,\n', true)
    expect(trailing).toMatchObject({ headerRow: 1, headers: ['Name', 'Email', 'City'] })
    const phones = 'Exported by Anna\n\nName,Phone\nAnna,0701112233\nBo,0701112244,\nCy,0701112255,\n'
    expect(detectDialect(phones, true)).toMatchObject({ headerRow: 3, headers: ['Name', 'Phone'] })
  })

  test('preamble is no header, be it nearly as wide as the rows', () => {
    const none = detectDialect('Exported by,Anna\n\nAnna,anna@x.se,Oslo\nBo,bo@x.se,Rom\n', true)
    expect(none.headerRow).toBe(0)
    const below = detectDialect('Report,January\nName,Email,City\nA,a@x.se,B\nC,c@x.se,D\n', true)
    expect(below.headerRow).toBe(2)
    expect(detectDialect('Name,2023,2024\nAnna,1,2\nBo,3,4\n', true).headerRow).toBe(1)
  })

  test('blank headers get a name and no name stands twice', () => {
    expect(nameColumns(['Name', 'Email', 'email', '', ' '])).toEqual([
      'Name',
      'Email',
      'email (2)',
      'Column 4',
      'Column 5',
    ])
  })

  test('a sample cut in the middle of a row is judged by its whole rows', () => {
    expect(detectDialect('a,b,c\n1,2,3\n4,5,6\n7', false).headers).toEqual(['a', 'b', 'c'])
  })
})

describe('the encoding', () => {
  const verdict = (...pieces: Buffer[]) => {
    const scan = createEncodingScan()
    for (const piece of pieces) scan.add(piece)
    return scan.verdict()
  }

  test('byte order marks decide', () => {
    expect(verdict(Buffer.from([0xff, 0xfe, 0x61, 0]))).toBe('utf-16le')
    expect(verdict(Buffer.from([0xfe, 0xff, 0, 0x61]))).toBe('utf-16be')
    expect(verdict(Buffer.from('\ufeffé'))).toBe('utf-8')
  })

  test('UTF-16 without a mark shows in its NUL bytes', () => {
    expect(verdict(Buffer.from('Name,Email\nAnna,a@x.se\n', 'utf16le'))).toBe('utf-16le')
    expect(verdict(Buffer.from('Name,Email\nAnna,a@x.se\n', 'utf16le').swap16())).toBe('utf-16be')
  })

  test('a character that is cut between two pieces is no damage', () => {
    const bytes = Buffer.from('Jürgen 😀 日本')
    for (let at = 1; at < bytes.length; at++)
      expect(verdict(bytes.subarray(0, at), bytes.subarray(at))).toBe('utf-8')
  })

  test('Western bytes that only come after megabytes of ASCII are still seen', () => {
    expect(verdict(Buffer.alloc(2_000_000, 'a,b\n'), Buffer.from('J\xfcrgen,M\xfcller\n', 'latin1'))).toBe(
      'windows-1252',
    )
  })

  test('one damaged row does not turn a UTF-8 file into a Western one', () => {
    const rows = Array.from({ length: 50 }, (_, index) => `Zoë ${index},Ærø\n`).join('')
    expect(verdict(Buffer.from(rows), Buffer.from('J\xfcrgen\n', 'latin1'))).toBe('utf-8')
  })
})

describe('what is no CSV', () => {
  test('a workbook is refused with how to save it as CSV', () => {
    expect(fileProblem(Buffer.from('PK\u0003\u0004xxxx'))).toMatch(/Save as, "CSV UTF-8/)
  })

  test('binary data is refused, a stray NUL in a text is not', () => {
    expect(fileProblem(Buffer.from(Array.from({ length: 2000 }, (_, index) => (index * 37) % 256)))).toMatch(
      /binary/,
    )
    expect(fileProblem(Buffer.from(`Name,Email\n${'Anna,a@x.se\n'.repeat(50)}B\u0000o,b@x.se\n`))).toBeNull()
    expect(fileProblem(Buffer.alloc(0))).toBe('The file is empty.')
  })
})
