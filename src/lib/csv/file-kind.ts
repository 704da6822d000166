// Tells from its first bytes that a file is no CSV, and says how to make one of it.

/** A sentence where the bytes belong to a spreadsheet, an archive, a document or a program; else null. */
export function fileProblem(head: Buffer): string | null {
  if (head.length === 0) return 'The file is empty.'
  for (const [signature, sentence] of signatures) {
    if (head.subarray(0, signature.length).equals(signature)) return sentence
  }
  if (head[0] === 0xff && head[1] === 0xfe) return null
  if (head[0] === 0xfe && head[1] === 0xff) return null
  const sample = head.subarray(0, 8192)
  let nuls = 0
  let controls = 0
  for (const byte of sample) {
    if (byte === 0) nuls++
    else if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1a)
      controls++
  }
  // Text in UTF-16 without its mark has a NUL in nearly every second place; a stray one is a matter of its row.
  const looksWide = nuls > sample.length * 0.2 && nuls < sample.length * 0.6 && controls === 0
  if (!looksWide && (nuls > sample.length * 0.1 || controls > sample.length * 0.05)) {
    return 'The file is not text but binary data; export it as CSV (UTF-8) and choose that file.'
  }
  return null
}

const spreadsheet =
  'The file is an Excel or OpenDocument workbook (or another ZIP archive), not a CSV file. Open it, choose File, Save as, "CSV UTF-8 (comma delimited)", and import that file.'

const signatures: [Buffer, string][] = [
  [Buffer.from([0x50, 0x4b, 0x03, 0x04]), spreadsheet],
  [Buffer.from([0x50, 0x4b, 0x05, 0x06]), spreadsheet],
  [
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0]),
    'The file is an old Excel workbook (.xls), not a CSV file. Open it, choose File, Save as, "CSV UTF-8 (comma delimited)", and import that file.',
  ],
  [Buffer.from([0x1f, 0x8b]), 'The file is compressed (gzip); unpack it and import the CSV file inside.'],
  [Buffer.from('%PDF'), 'The file is a PDF document, not a CSV file; export the table as CSV.'],
  [Buffer.from('{\\rtf'), 'The file is an RTF document, not a CSV file; save the table as CSV.'],
]
