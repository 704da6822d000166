// How alike two short texts are: Jaro-Winkler, edits with neighbours exchanged, and words compared one by one.

/**
 * Jaro-Winkler similarity, 0 to 1: Jaro's measure raised for a common beginning of up to four characters by a tenth of
 * what is missing to 1 each (W. E. Winkler, "String comparator metrics and enhanced decision rules in the Fellegi-Sunter
 * model of record linkage", 1990). Two empty texts are alike.
 */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1
  const jaro = jaroOf(a, b)
  const most = Math.min(4, a.length, b.length)
  let common = 0
  while (common < most && a.charCodeAt(common) === b.charCodeAt(common)) common++
  return jaro + common * 0.1 * (1 - jaro)
}

/**
 * The number of edits (insert, delete, replace, exchange two neighbours) from one text to the other, where each place is
 * edited once (optimal string alignment); `limit + 1` where it takes more than `limit`.
 */
export function edits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    let least = row
    for (let column = 1; column <= b.length; column++) {
      const differs = a.charCodeAt(row - 1) === b.charCodeAt(column - 1) ? 0 : 1
      let fewest = Math.min(above[column]! + 1, line[column - 1]! + 1, above[column - 1]! + differs)
      const exchanged =
        row > 1 &&
        column > 1 &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2) &&
        a.charCodeAt(row - 2) === b.charCodeAt(column - 1)
      if (exchanged) fewest = Math.min(fewest, before[column - 2]! + 1)
      line.push(fewest)
      if (fewest < least) least = fewest
    }
    if (least > limit) return limit + 1
    before = above
    above = line
  }
  return Math.min(above[b.length]!, limit + 1)
}

/** Whether one insertion, deletion, replacement or exchange of two neighbours at most makes one text of the other. */
export function withinOneEdit(a: string, b: string): boolean {
  const longer = a.length - b.length
  if (longer > 1 || longer < -1) return false
  let from = 0
  while (from < a.length && from < b.length && a.charCodeAt(from) === b.charCodeAt(from)) from++
  let endA = a.length
  let endB = b.length
  while (endA > from && endB > from && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--
    endB--
  }
  const [restA, restB] = [endA - from, endB - from]
  if (restA <= 1 && restB <= 1) return true
  return (
    restA === 2 &&
    restB === 2 &&
    a.charCodeAt(from) === b.charCodeAt(from + 1) &&
    a.charCodeAt(from + 1) === b.charCodeAt(from)
  )
}

/** Which letters and digits a text has, a bit each; the bits of other signs are shared. */
export function signsOf(text: string): number {
  let signs = 0
  for (let at = 0; at < text.length; at++) signs |= 1 << (text.charCodeAt(at) & 31)
  return signs
}

/**
 * Whether two texts could have a Jaro-Winkler similarity of `least`, by their lengths and signs alone; true is no promise.
 * Nine in ten pairs of names that have nothing in common are told apart by it, at a tenth of the work.
 */
export function mayBeAlike(a: string, signsOfA: number, b: string, signsOfB: number, least: number): boolean {
  const [lengthA, lengthB] = [a.length, b.length]
  if (lengthA === 0 || lengthB === 0) return false
  const matches = Math.min(lengthA - bitsOf(signsOfA & ~signsOfB), lengthB - bitsOf(signsOfB & ~signsOfA))
  if (matches <= 0) return false
  const jaro = (matches / lengthA + matches / lengthB + 1) / 3
  const beginning = a.charCodeAt(0) === b.charCodeAt(0) ? 0.4 : 0
  return jaro + beginning * (1 - jaro) >= least
}

function bitsOf(mask: number): number {
  let bits = mask - ((mask >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Words with what each is worth as evidence: rare ones more. */
export interface WeightedWords {
  words: readonly string[]
  /** by word, which letters it has (`signsOf`) */
  signs: readonly number[]
  weights: readonly number[]
  /** the sum of the weights */
  total: number
}

/**
 * How much of two texts' words is common, 0 to 1: each word is paired with the most similar one of the other text
 * (Jaro-Winkler of at least 0.9, or one the beginning of the other from three letters on), and counts with its weight
 * and similarity. The order of the words does not matter.
 */
export function commonWords(a: WeightedWords, b: WeightedWords): number {
  if (a.total === 0 || b.total === 0) return 0
  const [few, many] = a.words.length <= b.words.length ? [a, b] : [b, a]
  let taken = 0
  let common = 0
  for (let at = 0; at < few.words.length; at++) {
    const word = few.words[at]!
    let best = -1
    let bestLikeness = 0
    for (let other = 0; other < many.words.length && other < 31; other++) {
      if (taken & (1 << other)) continue
      const candidate = many.words[other]!
      const likeness =
        word === candidate
          ? 1
          : mayBeAlike(word, few.signs[at]!, candidate, many.signs[other]!, 0.9) ||
              candidate.startsWith(word) ||
              word.startsWith(candidate)
            ? wordLikeness(word, candidate)
            : 0
      if (likeness > bestLikeness) {
        bestLikeness = likeness
        best = other
      }
    }
    if (best < 0) continue
    taken |= 1 << best
    common += bestLikeness * (few.weights[at]! + many.weights[best]!)
  }
  return common / (a.total + b.total)
}

function wordLikeness(a: string, b: string): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.length < 3 || isNumber(short.charCodeAt(0)) || isNumber(long.charCodeAt(0))) return 0
  if (long.startsWith(short)) return 0.93
  const likeness = jaroWinkler(a, b)
  return likeness >= 0.9 ? likeness : 0
}

function isNumber(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

const usedOfB = new Uint8Array(256)
const matchesOfA = new Uint16Array(256)

function jaroOf(first: string, second: string): number {
  const [a, b] = first.length <= second.length ? [first, second] : [second, first]
  const length = Math.min(a.length, 256)
  const otherLength = Math.min(b.length, 256)
  if (length === 0) return otherLength === 0 ? 1 : 0
  const reach = Math.max(0, (otherLength >> 1) - 1)
  usedOfB.fill(0, 0, otherLength)
  let matches = 0
  for (let at = 0; at < length; at++) {
    const code = a.charCodeAt(at)
    const end = Math.min(otherLength - 1, at + reach)
    for (let other = Math.max(0, at - reach); other <= end; other++) {
      if (usedOfB[other] === 1 || b.charCodeAt(other) !== code) continue
      usedOfB[other] = 1
      matchesOfA[matches++] = code
      break
    }
  }
  if (matches === 0) return 0
  let outOfOrder = 0
  for (let other = 0, seen = 0; other < otherLength; other++) {
    if (usedOfB[other] === 0) continue
    if (b.charCodeAt(other) !== matchesOfA[seen++]) outOfOrder++
  }
  return (matches / a.length + matches / b.length + (matches - Math.floor(outOfOrder / 2)) / matches) / 3
}
