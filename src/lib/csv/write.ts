// Writes CSV that a spreadsheet opens as the text it is.

/**
 * One line of CSV with its line end (RFC 4180). A cell that a spreadsheet would run as a formula (it starts with
 * = + - @ tab or carriage return, see https://owasp.org/www-community/attacks/CSV_Injection) gets an apostrophe in
 * front, unless it is a plain number or phone number, which no spreadsheet can run.
 */
export function csvLine(cells: readonly (string | number | null | undefined)[]): string {
  return `${cells.map((cell) => csvCell(String(cell ?? ''))).join(',')}\r\n`
}

function csvCell(text: string): string {
  const safe = mayRun.test(text) && !harmless.test(text) ? `'${text}` : text
  return /[",\r\n;\t]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}

const mayRun = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/
const harmless = /^[+-][\d .,]+$/
