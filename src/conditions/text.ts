// When two texts are the same to a condition.

/**
 * Letters in lower case by Unicode's rules of no language, every sigma a plain one, so that a part of a word folds as it does
 * within the word. ClickHouse gives the same by `replaceAll(lowerUTF8(x), 'ς', 'σ')`: tried with every character there is.
 */
export function fold(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ')
}

/** A text that is a day, or an instant in UTC with milliseconds; what else a text holds is no date. */
export const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
export const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$/
