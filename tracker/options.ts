// Reads the settings of the tracker from the attributes of its script element.

export interface Options {
  writeKey: string
  /** Origin that takes the calls, without a slash at the end. */
  host: string
  consentRequired: boolean
  forms: boolean
  /** Name of the data layer to push to, or '' for none. */
  dataLayer: string
  spa: boolean
  dnt: boolean
  gpc: boolean
  /** '' keeps cookies to the very host. */
  cookieDomain: string
}

/** @throws Error when there is no write key: the page's author sees it in the console. */
export function readOptions(data: Record<string, string | undefined>, src: string): Options {
  if (!data.writeKey) throw new Error('Throughline: data-write-key is missing')
  const { respect = 'gpc', spa = '' } = data
  return {
    writeKey: data.writeKey,
    host: (data.host || new URL(src).origin).replace(/\/$/, ''),
    consentRequired: data.consent === 'required',
    forms: isOn(data.forms),
    dataLayer: isOn(data.datalayer) ? data.datalayer || 'dataLayer' : '',
    spa: isOn(spa),
    dnt: /dnt/i.test(respect),
    gpc: /gpc/i.test(respect),
    cookieDomain: data.cookieDomain || '',
  }
}

/** An attribute that is there counts, unless it says off. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== 'off'
}
