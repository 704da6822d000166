// The kinds of columns that are compared: their levels of agreement, what to expect of them, and what related people share.

export const kinds = [
  'first_name',
  'middle_name',
  'last_name',
  'company',
  'email',
  'phone',
  'birth_date',
  'date',
  'street',
  'house_number',
  'postcode',
  'city',
  'region',
  'country',
  'gender',
  'website',
  'government_id',
  'code',
  'category',
  'text',
] as const
export type Kind = (typeof kinds)[number]

/** How two values are compared. */
export type Comparison = 'name' | 'words' | 'place' | 'date' | 'digits' | 'phone' | 'email' | 'plain'

/** How far two values agree; the best level first, `different` last. */
export interface Level {
  name: LevelName
  /** how often it is expected of two records of one person, before a file is seen; the levels of a kind add up to 1 */
  expected: number
}

export type LevelName = 'same' | 'almost' | 'alike' | 'initial' | 'part' | 'somewhat' | 'moved' | 'different'

/** Groups of records that are related and yet two: who shares a home, a firm, an address, a brand. */
export const relations = ['household', 'colleagues', 'neighbours', 'branches'] as const
export type Relation = (typeof relations)[number]

export interface KindTraits {
  comparison: Comparison
  levels: readonly Level[]
  /** how many matched pairs the expectation counts for */
  trust: number
  /** how often two strangers have the same value, and how many records that counts for; the file itself says the rest */
  chance: number
  chanceTrust: number
  /** a value names one person or company by itself; on more than ten records it is no evidence */
  identifies: boolean
  /** how much of the agreement of two records of one person is there between related ones: 1 shared, 0 as strangers */
  shared: Record<Relation, number>
  /** how often related ones have the same value, where that is not chance: people of one home have names of their own */
  sameAmong?: Partial<Record<Relation, number>>
}

const name = levels({ same: 80, almost: 8, alike: 4, initial: 2, somewhat: 2, moved: 1, different: 3 })
const surname = levels({ same: 82, almost: 7, alike: 3, initial: 1, somewhat: 2, moved: 1, different: 4 })
const words = levels({ same: 60, almost: 15, part: 9, somewhat: 5, moved: 2, different: 9 })
const place = levels({ same: 80, almost: 7, alike: 2, moved: 2, different: 9 })
const digits = levels({ same: 80, almost: 7, part: 3, moved: 1, different: 9 })
const date = levels({ same: 92, almost: 4, part: 1.5, different: 2.5 })
const plain = levels({ same: 92, different: 8 })

/** What is known of each kind before a file is seen. */
export const traits: Record<Kind, KindTraits> = {
  first_name: { ...told('name', name, 250, shares(0.02, 0.01, 0.3, 0.3)), sameAmong: { household: 0.02 } },
  middle_name: told('name', name, 150, shares(0.05, 0.02, 0.3, 0.3)),
  last_name: told('name', surname, 1_500, shares(1, 0.02, 0.3, 0.3)),
  company: told('words', words, 20_000, shares(0.2, 1, 0.04, 1)),
  email: names(
    'email',
    levels({ same: 78, almost: 6, part: 4, moved: 1, different: 11 }),
    shares(0.012, 0.01, 0.1, 0.6),
  ),
  phone: names('phone', levels({ same: 74, almost: 6, moved: 3, different: 17 }), shares(0.8, 0.7, 0.2, 0.1)),
  birth_date: told('date', date, 15_000, shares(0.04, 0, 0, 0)),
  date: guessed('date', levels({ same: 60, almost: 8, part: 7, different: 25 }), 0.3),
  street: told('words', words, 4_000, shares(1, 1, 1, 0.05)),
  house_number: told('digits', digits, 60, shares(1, 1, 1, 0.05)),
  postcode: told('digits', digits, 1_500, shares(1, 1, 1, 0.1)),
  city: told('place', place, 150, shares(1, 1, 1, 0.25)),
  region: told('plain', plain, 12, shares(1, 1, 1, 0.5), 10),
  country: told('plain', plain, 3, shares(1, 1, 1, 0.9), 10),
  gender: told('plain', levels({ same: 97, different: 3 }), 2, shares(0.2, 0.1, 0.5, 0.5), 10),
  website: told(
    'words',
    levels({ same: 78, almost: 6, part: 3, moved: 1, different: 12 }),
    50_000,
    shares(0.3, 1, 0.1, 1),
  ),
  government_id: names(
    'digits',
    levels({ same: 92, almost: 4, part: 0.5, moved: 0.5, different: 3 }),
    shares(0, 0, 0, 0.3),
  ),
  code: guessed('digits', digits, 0.4),
  category: guessed('plain', plain, 0.5),
  text: guessed('words', words, 0.4),
}

function told(
  comparison: Comparison,
  levelsOfKind: readonly Level[],
  oneIn: number,
  shared: KindTraits['shared'],
  chanceTrust = 200,
): KindTraits {
  return {
    comparison,
    levels: levelsOfKind,
    trust: 20,
    chance: 1 / oneIn,
    chanceTrust,
    identifies: false,
    shared,
  }
}

function names(
  comparison: Comparison,
  levelsOfKind: readonly Level[],
  shared: KindTraits['shared'],
): KindTraits {
  return { ...told(comparison, levelsOfKind, 1_000_000, shared), identifies: true }
}

// Of a column that nobody knows, the file itself has to say nearly all.
function guessed(comparison: Comparison, levelsOfKind: readonly Level[], share: number): KindTraits {
  const shared = shares(share, share, share, share)
  return {
    comparison,
    levels: levelsOfKind,
    trust: 6,
    chance: 0.1,
    chanceTrust: 1,
    identifies: false,
    shared,
  }
}

function levels(percent: Partial<Record<LevelName, number>>): readonly Level[] {
  const total = Object.values(percent).reduce((sum, part) => sum + part, 0)
  return Object.entries(percent).map(([level, part]) => ({
    name: level as LevelName,
    expected: part / total,
  }))
}

function shares(household: number, colleagues: number, neighbours: number, branches: number) {
  return { household, colleagues, neighbours, branches }
}
