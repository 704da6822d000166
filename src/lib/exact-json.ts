// Reads JSON whose whole numbers may be larger than a double holds exactly: those come back as texts of their digits.

/**
 * Parses JSON as `JSON.parse` does, but keeps whole numbers of 16 digits and more as texts, so that ids stay what they were.
 * @throws SyntaxError where it is no JSON
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text.replaceAll(TOKENS, (token) => (token.startsWith('"') ? token : `"${token}"`)))
}

// Strings are matched so that digits within them are passed over.
const TOKENS = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/gs
