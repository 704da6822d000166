// How names are taken apart and when two surnames are the same.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitName, surnameKey } from './names.ts'

describe('a full name is split where its bearer would', () => {
  it.each([
    ['Ada Lovelace', 'Ada', 'Lovelace'],
    ['  Ada \t King  Lovelace ', 'Ada King', 'Lovelace'],
    ['Lovelace, Ada', 'Ada', 'Lovelace'],
    ['van der Berg, Jan Dr.', 'Jan', 'van der Berg'],
    ['Dr. Jan van der Berg', 'Jan', 'van der Berg'],
    ['Maria del Carmen Lopez', 'Maria del Carmen', 'Lopez'],
    ['Martin King Jr.', 'Martin', 'King'],
    ['Martin King, PhD', 'Martin', 'King'],
    ['Ludwig von Beethoven', 'Ludwig', 'von Beethoven'],
    ['José Ortega y Gasset', 'José', 'Ortega y Gasset'],
    ['De Gaulle', 'De', 'Gaulle'],
    ['Madonna', 'Madonna', null],
    ['山田 太郎', '太郎', '山田'],
    ['山田太郎', '山田太郎', null],
    ['김 민준', '민준', '김'],
    ['-', null, null],
    ['', null, null],
  ])('%j is %j and %j', (full, firstName, lastName) =>
    expect(splitName(full)).toEqual({ firstName, lastName }),
  )
})

describe('surnames that differ only in writing have one key', () => {
  it.each([
    ["O'Brien", 'obrien'],
    ['O BRIEN', 'obrien'],
    ['O\u2019Brien', 'obrien'],
    ['Åström', 'astrom'],
    ['A\u030astro\u0308m', 'astrom'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['Łukasiewicz', 'lukasiewicz'],
    ['Sørensen', 'sorensen'],
    ['ÇELİK', 'celik'],
    ['Smith-Jones', 'smithjones'],
    ['Ｓｍｉｔｈ', 'smith'],
    ['李', '李'],
    ['कुमारी', 'कुमारी'],
  ])('%s has the key %s', (surname, key) => expect(surnameKey(surname)).toBe(key))

  it.each(['', '-', 'B.', 'unknown', 'N/A', '123', null])('%j is no evidence', (surname) =>
    expect(surnameKey(surname)).toBeNull(),
  )

  it('keeps names apart that differ in letters', () => {
    expect(surnameKey('Kumar')).not.toBe(surnameKey('Kumari'))
    expect(surnameKey('कुमार')).not.toBe(surnameKey('कुमारी'))
  })

  it('gives a key that is its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (surname) => {
        const key = surnameKey(surname)
        if (key !== null) expect(surnameKey(key)).toBe(key)
      }),
    )
  })
})
