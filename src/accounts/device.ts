// What a user agent says of a device, in words that its owner recognises.
import { UAParser } from 'ua-parser-js'

/** `Firefox on Windows`; null where nothing is said. */
export function describeDevice(userAgent: string | null): { name: string | null; isPhone: boolean } {
  const { browser, os, device } = new UAParser(userAgent ?? '').getResult()
  const system = device.model && device.vendor ? `${device.vendor} ${device.model}` : os.name
  const name = [browser.name, system].filter(Boolean).join(' on ')
  return {
    // A program names itself first: `curl/8.5.0`.
    name: name || (userAgent?.split(/[\s/]/)[0]?.slice(0, 40) ?? '') || null,
    isPhone: device.type === 'mobile' || device.type === 'tablet',
  }
}
