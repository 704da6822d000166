// Brings what stands in cells into the form in which it is compared; what stands there for nothing becomes null.
import { fold } from '../../lib/names.ts'

/** The words of a text: accents folded, lower case, letters and digits only. */
export function foldedWords(raw: string): string[] {
  const found = raw.replace(/['’`´]/g, '').match(/[\p{L}\p{M}\p{N}]+/gu)
  if (!found) return []
  return found.map((word) => (/\p{N}/u.test(word) ? word.normalize('NFKC').toLowerCase() : fold(word)))
}

/** Whether a cell says that there is nothing: blank, signs only, or a word such as `unknown` or `n/a`. */
export function saysNothing(raw: string): boolean {
  const text = raw.trim().toLowerCase()
  return nothings.has(text) || !/[\p{L}\p{N}]/u.test(text)
}

const nothings = new Set(
  `n/a|na|nan|nil|none|null|undefined|unknown|not known|not available|not applicable|not provided|not given|no data|missing|empty|blank|
tbd|tba|tbc|test|xxx|xx|x|nobody|anonymous|no name|noname|keine angabe|unbekannt|okänd|saknas|inconnu|desconocido|#n/a|(null)|(none)|(blank)|-1|\\n`
    .split('|')
    .map((word) => word.trim()),
)

/** A company's words without its legal form, unless nothing else is there; `&` and `and` are left out, too. */
export function companyWords(raw: string): string[] {
  // A.B.C. Ltd. and S.p.A. are written with dots or without.
  // "Spago (Los Angeles)": what stands in brackets says where, or is a remark.
  const named = raw.replace(/\([^)]*\)/g, ' ')
  const joined = (/\p{L}/u.test(named) ? named : raw)
    .replace(/\b(\p{L})\.(?=\p{L}\b)/gu, '$1')
    .replace(/&/g, ' ')
  const words = foldedWords(joined).filter((word) => !joiners.has(word))
  const bare = words.filter((word, at) => at === 0 || !legalForms.has(word))
  const [first] = bare
  if (first !== undefined && bare.length > 1 && legalForms.has(first)) bare.shift()
  return (bare.length > 0 ? bare : words).map((word) => companyShort.get(word) ?? word)
}

/** Whether a text ends or begins as company names do, with a legal form. */
export function hasLegalForm(raw: string): boolean {
  const words = foldedWords(raw.replace(/\b(\p{L})\.(?=\p{L}\b)/gu, '$1'))
  return words.length > 1 && words.some((word, at) => at > 0 && surelyLegal.has(word))
}

/** The words of an address with the usual short forms of street, road and directions written as one. */
export function streetWords(raw: string): string[] {
  return foldedWords(raw.replace(/\b(p)\.? ?o\.? box\b/gi, 'pobox')).map(
    (word) =>
      streetShort.get(word) ??
      (word.endsWith('strasse') && word !== 'strasse' ? `${word.slice(0, -7)}str` : word),
  )
}

const joiners = new Set('and und och et y e the of'.split(' '))
const surelyLegal = new Set(
  `ab ag aps as asa bhd bv cic co corp corporation cv doo eg eirl ek eood gbr gesmbh gmbh hb inc incorporated kft kg kgaa kk limited llc
  llp lp ltd ltda lda mbh nv oy oyj plc pte pty pvt sa sarl sas sasu sl slu sp spa spzoo srl sro ug zoo`.split(
    /\s+/,
  ),
)
const legalForms = new Set([
  ...surelyLegal,
  ...`company companies group holding holdings publ private public aktiengesellschaft gesellschaft aktiebolag compagnie cie z o haftungsbeschrankt
  ohg ev se kommanditgesellschaft`.split(/\s+/),
])

const companyShort = shortForms(
  `intl:international mfg:manufacturing svc:services svcs:services service:services tech:technologies technology:technologies
  assoc:associates assn:association bros:brothers mgmt:management natl:national univ:university ctr:center centre:center
  sys:systems system:systems solution:solutions sol:solutions eng:engineering hosp:hospital rest:restaurant dept:department`,
)
const streetShort = shortForms(
  `street:st str:str strasse:str strase:str road:rd avenue:ave av:ave avn:ave boulevard:blvd drive:dr lane:ln court:ct crt:ct place:pl
  square:sq sqr:sq terrace:tce ter:tce terr:tce parade:pde crescent:cres cr:cres crs:cres circuit:cct circle:cir highway:hwy parkway:pkwy
  pky:pkwy close:cl grove:gr gardens:gdns heights:hts mount:mt north:n south:s east:e west:w northeast:ne northwest:nw southeast:se
  southwest:sw suite:ste apartment:apt floor:fl flr:fl building:bldg saint:st fort:ft platz:pl plaza:plz route:rte esplanade:esp
  first:1st second:2nd third:3rd fourth:4th fifth:5th sixth:6th seventh:7th eighth:8th ninth:9th tenth:10th gata:g gatan:g vagen:v vag:v`,
)

function shortForms(list: string): Map<string, string> {
  return new Map(
    list
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split(':') as [string, string]),
  )
}
