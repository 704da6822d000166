// What speaks for and against a pair of leads being one person, in words.

/** What one field says, and how much: `Last name almost the same, 9 bits`. A bit more doubles the odds, one less halves them. */
export function reasonWords({
  column,
  level,
  bits,
}: {
  column: string
  level: string
  bits: number
}): string {
  const size = Math.abs(bits)
  const times = size < 1 ? null : 2 ** Math.min(size, 40)
  const weight =
    times === null ? 'says little' : `${shortCount(times)} times ${bits < 0 ? 'less' : 'more'} likely`
  return `${column} ${levelWords[level] ?? level}: ${weight}`
}

/** A probability that is never rounded up to certainty: 99.9 %, then "over 99.9 %". */
export function sureness(probability: number): string {
  if (probability > 0.999) return 'over 99.9 %'
  return `${(Math.floor(probability * 1000) / 10).toFixed(1)} %`
}

/** Why a pair is left to a person whatever its probability; undefined where nothing is in the way. */
export function cautionOf(needsPerson: string | null): string | undefined {
  return needsPerson === null ? undefined : cautions[needsPerson]
}

const levelWords: Record<string, string> = {
  same: 'is the same',
  almost: 'is almost the same',
  alike: 'is alike',
  initial: 'is the initial of the other',
  part: 'is partly the same',
  somewhat: 'is somewhat alike',
  moved: 'stands in another field',
  different: 'differs',
}

const cautions: Record<string, string> = {
  birth_dates_differ: 'Their dates of birth differ, so this is never merged without a person.',
  registered_numbers_differ: 'Their registered numbers differ, so this is never merged without a person.',
  names_differ: 'Their given names differ, as those of twins do, so this is never merged without a person.',
  only_names_agree: 'Little but the name agrees, so this is never merged without a person.',
  proven_emails_differ:
    'Both have an e-mail address that was confirmed, and they differ, so this is never merged without a person.',
}

function shortCount(times: number): string {
  if (times < 10) return times.toFixed(1)
  if (times < 1_000) return String(Math.round(times))
  if (times < 1e6) return `${Math.round(times / 1e3)} thousand`
  return times < 1e9 ? `${Math.round(times / 1e6)} million` : 'over a billion'
}
