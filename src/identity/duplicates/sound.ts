// A key under which names that sound alike meet, for finding candidates; whether they are alike is decided elsewhere.

/**
 * The first letter's sound and the classes of the consonants behind it, doubled ones once, at most five: `smith`, `smyth` and
 * `schmidt` do not all meet, `philip` and `filip`, `cathrin` and `katrin` do. `word` is folded (lower case, no accents).
 * Scripts without these letters give the first two characters. Empty for an empty word.
 */
export function soundKey(word: string): string {
  const plain = respell(word)
  let key = ''
  let last = ''
  for (let at = 0; at < plain.length && key.length < 5; at++) {
    const letter = plain.charAt(at)
    const sound = sounds[letter] ?? ''
    if (at === 0) key = sound === '' ? letter : sound
    else if (sound !== '' && sound !== last) key += sound
    // h and w between two like consonants do not part them.
    if (letter !== 'h' && letter !== 'w') last = sound
  }
  return key === plain.charAt(0) && !/[a-z0-9]/.test(key) ? plain.slice(0, 2) : key
}

const sounds: Record<string, string> = {
  b: 'b',
  p: 'b',
  f: 'f',
  v: 'f',
  w: '',
  c: 'k',
  g: 'k',
  k: 'k',
  q: 'k',
  j: 'j',
  s: 's',
  x: 's',
  z: 's',
  d: 't',
  t: 't',
  l: 'l',
  m: 'n',
  n: 'n',
  r: 'r',
}

function respell(word: string): string {
  let text = word
  if (text.includes('ph')) text = text.replaceAll('ph', 'f')
  if (text.includes('sch')) text = text.replaceAll('sch', 's')
  if (text.includes('ck')) text = text.replaceAll('ck', 'k')
  if (text.startsWith('kn') || text.startsWith('gn') || text.startsWith('wr') || text.startsWith('pn'))
    text = text.slice(1)
  if (text.startsWith('c') && 'eiy'.includes(text.charAt(1))) text = `s${text.slice(1)}`
  if (text.startsWith('w')) text = `v${text.slice(1)}`
  if ('aeiouyh'.includes(text.charAt(0))) text = `a${text.slice(1)}`
  return text
}
