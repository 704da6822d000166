// A conversion that everything is known of, and settings by a schema's own examples: for previews without an event, and for tests. Pure.
import type { Connector } from './connector.ts'
import type { Conversion, ConversionProduct } from './conversions.ts'
import { fieldsOf } from './fields.ts'

/** A purchase of somebody who does not exist. @param at when it happened, ISO 8601 */
export function sampleConversion(at: string): Conversion {
  return {
    eventId: '0190b7a2-0000-7000-8000-000000000001',
    event: 'order_completed',
    occurredAt: at,
    pageUrl: 'https://shop.example/checkout/thanks',
    referrer: 'https://shop.example/checkout',
    person: {
      leadId: '0190b7a2-0000-7000-8000-000000000002',
      userId: 'customer-1001',
      email: 'jane.doe@shop.example',
      phone: '+442079460958',
      firstName: 'Jane',
      lastName: 'Doe',
      city: 'London',
      region: 'England',
      postalCode: 'M1 1AE',
      country: 'GB',
    },
    browser: {
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
      ip: '192.0.2.10',
      fbp: 'fb.1.1718000000000.1234567890',
      gaClientId: '1234567890.1718000000',
      gaSessionId: '1718000000',
      clicks: { fbclid: { value: 'IwAR_Example', at } },
    },
    consent: { analytics: 'granted', ad_user_data: 'granted', ad_personalisation: 'granted' },
  }
}

/** Parameters of the sample's purchase, by what mappings call them. */
export const sampleProducts: ConversionProduct[] = [
  { id: 'tea-01', name: 'Green tea', quantity: 2, price: 9.5 },
  { id: 'cup-07', name: 'Cup', quantity: 1, price: 12 },
]

/** Settings that a connector's schema takes, made of the examples of its fields. */
export function sampleSettings({ settings }: Connector): Record<string, unknown> {
  const given = fieldsOf(settings).flatMap(({ key, example }) => (example === null ? [] : [[key, example]]))
  return Object.fromEntries(given) as Record<string, unknown>
}
