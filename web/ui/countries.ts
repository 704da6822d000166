// Countries by ISO 3166-1 code and by name, as this browser knows them.

interface Country {
  value: string
  label: string
}

/** `DE` becomes `Germany`; a code that nobody knows stays. */
export function countryName(code: string): string {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

/** All countries by name. */
export function countries(): Country[] {
  return (known ??= pairs()
    .map((code) => ({ value: code, label: names.of(code) ?? code }))
    .filter(({ value, label }) => label !== value && !noCountry.has(value))
    .sort((a, b) => a.label.localeCompare(b.label, 'en')))
}

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })
let known: Country[] | undefined

// Codes that have a name and are no country: groups, what is no longer, and what stands for nothing.
const noCountry = new Set(
  'AC AN BU CP CS CT DD DG DY EA EU EZ FQ FX HV IC JT MI NH NQ NT PC PU PZ QO QU RH SU TA TP UK UN VD WK XA XB YD YU ZR ZZ'.split(
    ' ',
  ),
)

function pairs(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return letters.flatMap((first) => letters.map((second) => first + second))
}
