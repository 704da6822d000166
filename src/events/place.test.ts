// Where an event came from is told by the best witness at hand.
import { describe, expect, it } from 'vitest'
import { placeOf } from './place.ts'

const findCountry = (address: string) => (address === '192.0.2.1' ? 'SE' : null)

describe('the country is told by the best witness', () => {
  it.each([
    [
      'a trusted proxy before all',
      { header: 'no', address: '192.0.2.1', findCountry, timeZone: 'Asia/Tokyo' },
      'NO',
      'header',
    ],
    [
      'a header that says unknown is none',
      { header: 'XX', address: '192.0.2.1', findCountry },
      'SE',
      'geoip',
    ],
    [
      'a header of an anonymising network is none',
      { header: 'T1', timeZone: 'Asia/Tokyo' },
      'JP',
      'timezone',
    ],
    [
      'an address the table lacks',
      { address: '192.0.2.9', findCountry, timeZone: 'Europe/Oslo' },
      'NO',
      'timezone',
    ],
    ['an address without a table', { address: '192.0.2.1', timeZone: 'Europe/Oslo' }, 'NO', 'timezone'],
    ['an old name of a zone', { timeZone: 'Asia/Calcutta' }, 'IN', 'timezone'],
    ['a zone of several countries names the largest', { timeZone: 'Europe/Berlin' }, 'DE', 'timezone'],
    ['a zone of no country', { timeZone: 'Etc/GMT+1' }, null, null],
    ['a zone that is none', { timeZone: 'Mars/Olympus' }, null, null],
    ['UTC', { timeZone: 'UTC' }, null, null],
    ['nothing at all', {}, null, null],
  ])('%s', (_, told, country, countrySource) => expect(placeOf(told)).toEqual({ country, countrySource }))
})
