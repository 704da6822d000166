// Makes people with households and twins among them, and enters many of them again with the errors that hands make.

export interface NoisyPeople {
  headers: string[]
  rows: string[][]
  /** by row, whose it is */
  truth: string[]
}

/** A generator of numbers in [0, 1) from a seed (a linear congruence of 48 bits, as drand48 has it). */
export function seeded(seed: number): () => number {
  let state = (BigInt(seed) << 16n) | 0x330en
  return () => {
    state = (state * 0x5deece66dn + 11n) & 0xffffffffffffn
    return Number(state >> 16n) / 2 ** 32
  }
}

/** About `count` rows, a third of them second and third entries of somebody who is there already. */
export function noisyPeople(count: number, seed: number): NoisyPeople {
  const draw = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)]!
  // Few names are common and most are rare.
  const skewed = <T>(list: readonly T[]): T => list[Math.floor(list.length * draw() ** 3)]!
  const word = (parts: number) =>
    Array.from({ length: parts }, () => pick(onsets) + pick(vowels) + pick(codas)).join('')
  const surnames = [
    ...commonSurnames,
    ...Array.from({ length: 4_000 }, () => word(2 + Math.floor(draw() * 2))),
  ]
  const streets = Array.from(
    { length: 1_500 },
    () => `${word(2)} ${pick(['street', 'road', 'avenue', 'lane', 'drive'])}`,
  )
  const towns = Array.from({ length: 400 }, (_, at) => ({
    name: word(2),
    postcode: String(10_000 + at * 17),
  }))
  const taken = new Set<string>()
  const ownMailbox = (first: string, last: string): string => {
    const mailbox = `${first}${pick(['.', '', '_'])}${last}${draw() < 0.5 ? Math.floor(draw() * 99) : ''}@${pick(mailHosts)}`
    if (taken.has(mailbox)) return ownMailbox(`${first}${Math.floor(draw() * 9_999)}`, last)
    taken.add(mailbox)
    return mailbox
  }
  const rows: string[][] = []
  const truth: string[] = []
  let person = 0
  while (rows.length < count) {
    const town = skewed(towns)
    const home = {
      surname: skewed(surnames),
      street: `${1 + Math.floor(draw() * 180)} ${pick(streets)}`,
      town,
      phone: `0${20 + Math.floor(draw() * 60)} ${String(Math.floor(draw() * 1e7)).padStart(7, '0')}`,
    }
    const size = draw() < 0.75 ? 1 : 2 + Math.floor(draw() * 3)
    const bornOn = dayFrom(draw)
    const named = new Set<string>()
    for (let member = 0; member < size && rows.length < count; member++) {
      let first = skewed(firstNames)
      while (named.has(first)) first = skewed(firstNames)
      named.add(first)
      const isTwin = member > 0 && draw() < 0.03
      const own = {
        first,
        last: member > 0 && draw() < 0.1 ? skewed(surnames) : home.surname,
        email: ownMailbox(first, home.surname),
        phone: draw() < 0.6 ? `07${String(Math.floor(draw() * 1e9)).padStart(9, '0')}` : home.phone,
        bornOn: isTwin ? bornOn : member === 0 ? bornOn : dayFrom(draw),
        street: home.street,
        town: home.town,
      }
      const name = `p${person++}`
      const entries = draw() < 0.3 ? 2 + Math.floor(draw() * 2) : 1
      for (let entry = 0; entry < entries && rows.length < count; entry++) {
        rows.push(enter(own, entry > 0))
        truth.push(name)
      }
    }
  }
  const order = rows.map((_, at) => at)
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(draw() * (at + 1))
    ;[order[at], order[other]] = [order[other]!, order[at]!]
  }
  return {
    headers: [
      'id',
      'First name',
      'Last name',
      'E-mail',
      'Phone',
      'Date of birth',
      'Street',
      'City',
      'Postcode',
    ],
    rows: order.map((at, row) => [String(row), ...rows[at]!]),
    truth: order.map((at) => truth[at]!),
  }

  interface Own {
    first: string
    last: string
    email: string
    phone: string
    bornOn: string
    street: string
    town: { name: string; postcode: string }
  }

  function enter(own: Own, isAgain: boolean): string[] {
    const noise = isAgain ? 1 : 0.25
    const hurt = (text: string, chance: number) => (draw() < chance * noise ? typo(text, draw) : text)
    const missing = (text: string, chance: number) => (draw() < chance ? '' : text)
    const moved = isAgain && draw() < 0.12
    const home = moved ? skewed(towns) : own.town
    let first = isAgain && draw() < 0.08 ? (shortForms[own.first] ?? own.first) : own.first
    let last = hurt(own.last, 0.15)
    first = hurt(first, 0.15)
    if (isAgain && draw() < 0.03) [first, last] = [last, first]
    const cased = draw()
    const style = (text: string) => (cased < 0.7 ? capital(text) : cased < 0.85 ? text.toUpperCase() : text)
    return [
      style(missing(first, 0.03)),
      style(last),
      missing(
        isAgain && draw() < 0.3
          ? ownMailbox(own.first, String(Math.floor(draw() * 999)))
          : hurt(own.email, 0.08),
        0.25,
      ),
      missing(
        draw() < 0.15 * noise ? `07${String(Math.floor(draw() * 1e9)).padStart(9, '0')}` : own.phone,
        0.3,
      ),
      missing(draw() < 0.06 * noise ? digitTypo(own.bornOn, draw) : own.bornOn, 0.2),
      missing(
        moved ? `${1 + Math.floor(draw() * 180)} ${pick(streets)}` : hurt(shorten(own.street, draw), 0.15),
        0.1,
      ),
      hurt(home.name, 0.08),
      missing(draw() < 0.05 * noise ? digitTypo(home.postcode, draw) : home.postcode, 0.1),
    ]
  }
}

function typo(text: string, draw: () => number): string {
  const at = Math.floor(draw() * text.length)
  const letter = letters[Math.floor(draw() * letters.length)]!
  switch (Math.floor(draw() * 4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1)
    case 1:
      return text.slice(0, at) + letter + text.slice(at)
    case 2:
      return text.slice(0, at) + letter + text.slice(at + 1)
    default:
      return text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2)
  }
}

function digitTypo(text: string, draw: () => number): string {
  const places = [...text].flatMap((sign, at) => (/\d/.test(sign) ? [at] : []))
  const at = places[Math.floor(draw() * places.length)]!
  return text.slice(0, at) + String(Math.floor(draw() * 10)) + text.slice(at + 1)
}

function shorten(street: string, draw: () => number): string {
  return draw() < 0.5 ? street : street.replace('street', 'st').replace('road', 'rd').replace('avenue', 'ave')
}

function dayFrom(draw: () => number): string {
  const day = new Date(Date.UTC(1940, 0, 1) + Math.floor(draw() * 24_000) * 86_400_000)
  return day.toISOString().slice(0, 10)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const letters = 'abcdefghijklmnopqrstuvwxyz'
const onsets = [
  'b',
  'br',
  'd',
  'f',
  'g',
  'gr',
  'h',
  'k',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  'st',
  't',
  'tr',
  'v',
  'w',
]
const vowels = ['a', 'e', 'i', 'o', 'u', 'ei', 'au']
const codas = ['', 'l', 'm', 'n', 'r', 's', 't', 'nd', 'rk']
const mailHosts = ['mail.example', 'post.example', 'work.example', 'home.example']
const commonSurnames =
  'smith jones brown miller wilson taylor davies evans thomas johnson roberts walker wright'.split(' ')
const firstNames =
  `oliver amelia george isla harry ava jack emily jacob sophia charlie grace thomas mia oscar poppy william lily james ella
  henry evie leo charlotte alfie sophie joshua daisy freddie alice archie florence ethan freya isaac sienna alexander matilda joseph rosie
  edward ivy samuel elsie max evelyn daniel ruby arthur maya lucas phoebe mohammed chloe logan sofia theo harriet finley lucy harrison
  eliza benjamin esme adam erin mason rose sebastian zara robert katherine michael elizabeth richard margaret`.split(
    /\s+/,
  )
const shortForms: Record<string, string> = {
  william: 'bill',
  robert: 'bob',
  michael: 'mike',
  elizabeth: 'liz',
  katherine: 'kate',
  margaret: 'peggy',
  thomas: 'tom',
  alexander: 'alex',
  samuel: 'sam',
  daniel: 'dan',
  benjamin: 'ben',
  joseph: 'joe',
}
