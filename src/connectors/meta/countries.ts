// Countries by name as ISO 3166 alpha-2 in small letters. Pure.

/** The code of a country's name or code; of anything else the first two letters, which is what Meta's own library makes of it. */
export function countryCode(text: string): string {
  const letters = text.toLowerCase().replaceAll(/[^a-z]/g, '')
  const exact = CODES.get(letters)
  if (exact) return exact
  const named = letters.length > 3 ? NAMES.find((name) => letters.includes(name)) : undefined
  return (named && CODES.get(named)) ?? letters.slice(0, 2)
}

// Other names in use, besides those of the Unicode consortium that the runtime has.
const OTHERS =
  'usa us unitedstatesofamerica us russianfederation ru democraticrepublicofthecongo cd congothedemocraticrepublicofthe cd ' +
  'congo cg syrianarabrepublic sy holyseevaticancitystate va holysee va koreademocraticpeoplesrepublicof kp korearepublicof kr ' +
  'southkorea kr northkorea kp iranislamicrepublicof ir virginislandsbritish vg virginislandsus vi palestinestateof ps ' +
  'micronesiafederatedstatesof fm macedonia mk czechrepublic cz turkey tr swaziland sz burma mm ivorycoast ci capeverde cv ' +
  'easttimor tl greatbritain gb england gb scotland gb wales gb britain gb tanzaniaunitedrepublicof tz moldovarepublicof md ' +
  'boliviaplurinationalstateof bo venezuelabolivarianrepublicof ve vietnam vn laopeoplesdemocraticrepublic la'

const CODES = new Map<string, string>()
const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
for (let first = 65; first <= 90; first++)
  for (let second = 65; second <= 90; second++) {
    const code = String.fromCharCode(first, second)
    const name = english.of(code)
    // These are no countries: the European Union, the United Nations, pseudo locales, unknown.
    if (name === undefined || /^(?:EU|EZ|UN|XA|XB|ZZ|UK|QO)$/.test(code)) continue
    // A code of a country that is another one by now, such as SU.
    if (Intl.getCanonicalLocales(`und-${code}`)[0] !== `und-${code}`) continue
    CODES.set(lettersOf(name), code.toLowerCase())
    CODES.set(lettersOf(name.replaceAll('&', 'and')), code.toLowerCase())
  }
for (const pair of OTHERS.match(/\w+ \w+/g) ?? []) {
  const [name = '', code = ''] = pair.split(' ')
  CODES.set(name, code)
}
/** The longest first, so that Guinea is not found in Papua New Guinea. */
const NAMES = [...CODES.keys()].filter((name) => name.length > 3).sort((a, b) => b.length - a.length)

function lettersOf(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
}
