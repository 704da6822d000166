// Cuts text without leaving half a character behind.

/** At most `most` UTF-16 units of the text; a surrogate pair is never halved, since no store takes half of one. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)
}
