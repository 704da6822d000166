// How purposes of consent and sources of parameters are named on the conversions page.
import { parameterSources } from '../../../src/activation/conversions/contract.ts'

export const purposeWords: Record<string, string> = {
  analytics: 'analytics',
  ad_user_data: 'the use of their data for ads',
  ad_personalisation: 'personalised ads',
}

/** `property:plan` is `the property plan`. */
export function sourceWords(from: string): string {
  const plain = parameterSources.find((source) => source.from === from)
  if (plain) return plain.label
  const [, kind, name] = /^(property|lead|text):(.*)$/.exec(from) ?? []
  if (kind === 'text') return `always “${name}”`
  return kind === 'lead' ? `the lead’s ${name}` : `the property ${name}`
}

/** A share of a whole, one decimal; the whole of nothing is nothing. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((part / whole) * 100).toFixed(1)} %`
}
