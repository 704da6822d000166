// What is read as an e-mail address, what is refused, and which addresses count as one mailbox.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { referenceTest } from '../../test/reference.ts'
import { isSharedEmail, normaliseEmail, sharedEmail } from './email.ts'

const read = (raw: string) => {
  const result = normaliseEmail(raw)
  return 'email' in result ? result.email : null
}
const key = (raw: string) => {
  const result = normaliseEmail(raw)
  return 'matchKey' in result ? result.matchKey : null
}

describe('an address is read the way people write it', () => {
  it.each([
    ['  Ada@Example.COM\t', 'ada@example.com'],
    ['\u00a0ada@example.com\ufeff', 'ada@example.com'],
    ['mailto:olle@orm.se', 'olle@orm.se'],
    ['MAILTO:olle@orm.se?subject=Hi', 'olle@orm.se'],
    ['Nea Nord <NEA.NORD@GMAIL.COM>', 'nea.nord@gmail.com'],
    ['"Nord, Nea" <mailto:nea@nord.se>', 'nea@nord.se'],
    ['jo@bücher.example', 'jo@xn--bcher-kva.example'],
    ['jo@BU\u0308CHER.example', 'jo@xn--bcher-kva.example'],
    ['JOSE\u0301@example.com', 'josé@example.com'],
    ["o'brien+tag@example.co.uk", "o'brien+tag@example.co.uk"],
    ['user@例え.jp', 'user@xn--r8jz45g.jp'],
  ])('%j becomes %j', (raw, email) => expect(read(raw)).toBe(email))
})

describe('what is no plain address is refused with a sentence', () => {
  it.each([
    ['', 'The e-mail address is empty.'],
    ['ada', 'The e-mail address has no @.'],
    ['@example.com', 'The e-mail address has nothing before the @.'],
    ['ada@', 'The e-mail address has nothing after the @.'],
    ['ada@localhost', 'The domain after the @ has no dot; a top level such as .com is missing.'],
    ['ada@192.0.2.1', 'The domain after the @ is a number, not a domain name.'],
    ['ada lovelace@example.com', 'The e-mail address contains a space.'],
    ['ada@example.com\n', 'The e-mail address contains a line break or another control character.'],
    ['ada\u0000@example.com', 'The e-mail address contains a line break or another control character.'],
    ['a@b@example.com', 'The e-mail address has more than one @.'],
    ['ada@exa%6dple.com', 'The domain after the @ contains a character that no domain name may have.'],
    ['ada@ex\u2407mple.com', 'The domain after the @ contains a character that no domain name may have.'],
    ['ada@[192.0.2.1]', 'The domain after the @ contains a character that no domain name may have.'],
    ['ada😀@example.com', 'The part before the @ has a character that is neither a letter nor a digit.'],
    ['a@b.com, c@d.com', 'The e-mail address has more than one @.'],
    ['x'.repeat(100_000), 'The e-mail address is longer than 254 characters.'],
  ])('%.40j', (raw, problem) => expect(normaliseEmail(raw)).toEqual({ problem }))

  it.each(['"ada lovelace"@example.com', 'ada(work)@example.com', 'ada@\ud800.com', '\udc00@example.com'])(
    '%j is refused',
    (raw) => expect(read(raw)).toBeNull(),
  )
})

describe('the match key joins addresses of one mailbox and no others', () => {
  it.each([
    ['Ada.Love.Lace+news@googlemail.com', 'adalovelace@gmail.com'],
    ['ada+news@example.com', 'ada+news@example.com'],
    ['ada.l@example.com', 'ada.l@example.com'],
    ['+x@gmail.com', '+x@gmail.com'],
  ])('%s has the key %s', (raw, matchKey) => expect(key(raw)).toBe(matchKey))
})

describe('an address of a desk or of nobody is told from a person', () => {
  it.each([
    ['info@orm.se', 'role_account'],
    ['sales+q3@orm.se', 'role_account'],
    ['noemail@shop.com', 'placeholder'],
    ['test@test.com', 'placeholder'],
    ['pos-4711@shop.invalid', 'placeholder'],
    ['ada@example.com', null],
    ['infante@orm.se', null],
    ['testa@orm.se', null],
  ])('%s is %s', (email, reason) => {
    expect(sharedEmail(email)).toBe(reason)
    expect(isSharedEmail(email)).toBe(reason !== null)
  })
})

it('normalising what was normalised changes nothing', () => {
  const character = fc.oneof(
    fc.constantFrom(...'aZ09.+-_@ <>:ßİıéÅΣς'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  )
  const anything = fc.oneof(
    fc.emailAddress(),
    fc
      .tuple(fc.array(character, { maxLength: 12 }), fc.array(character, { maxLength: 12 }))
      .map(([a, b]) => `${a.join('')}@${b.join('')}.com`),
  )
  fc.assert(
    fc.property(anything, (raw) => {
      const once = normaliseEmail(raw)
      if ('problem' in once) return
      expect(normaliseEmail(once.email)).toEqual(once)
      expect(key(once.matchKey)).toBe(once.matchKey)
    }),
    { numRuns: 500 },
  )
})

interface Diagnosed {
  address: string
  category: string
}

// The suite writes control characters as their pictures (U+2400 and up); both forms are held against it.
const withControls = (address: string) =>
  address.replace(/[\u2400-\u241f]/g, (picture) => String.fromCharCode(picture.charCodeAt(0) - 0x2400))

referenceTest(
  'every address that isemail calls an error is refused, every plain valid one is read',
  'email/isemail.json',
  (text) => {
    const cases = JSON.parse(text) as Diagnosed[]
    const wronglyRead = cases
      .filter((c) => c.category === 'ISEMAIL_ERR')
      .flatMap((c) => [c.address, withControls(c.address)])
      .filter((address) => read(address) !== null)
    const wronglyRefused = cases
      .filter((c) => c.category === 'ISEMAIL_VALID_CATEGORY' || c.category === 'ISEMAIL_DNSWARN')
      .filter((c) => read(c.address) === null)
      .map((c) => c.address)
    expect({ wronglyRead, wronglyRefused }).toEqual({ wronglyRead: [], wronglyRefused: [] })
  },
)
