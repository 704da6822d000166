// The lists that forms offer: time zones and currencies, as this browser knows them.

interface Choice {
  value: string
  label: string
}

/** IANA names with the offset that holds now: `Europe/Berlin (+01:00)`. */
export function timeZones(): Choice[] {
  return [...new Set(['UTC', browserZone(), ...Intl.supportedValuesOf('timeZone')])].map((zone) => ({
    value: zone,
    label: `${zone.replaceAll('_', ' ')} (${offset(zone)})`,
  }))
}

/** ISO 4217 codes with their names: `EUR – Euro`. */
export function currencies(): Choice[] {
  const names = new Intl.DisplayNames('en', { type: 'currency' })
  return Intl.supportedValuesOf('currency').map((code) => ({
    value: code,
    label: `${code} – ${names.of(code) ?? code}`,
  }))
}

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function offset(zone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
    new Date(),
  )
  return parts.find((part) => part.type === 'timeZoneName')?.value.replace('GMT', '') || '+00:00'
}
