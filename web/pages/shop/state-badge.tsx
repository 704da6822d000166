// A state in one word, coloured where that means something.
import { Badge } from '@mantine/core'

export function StateBadge({ word }: { word: { label: string; colour: string } | undefined }) {
  return word ? (
    <Badge color={word.colour} miw="max-content">
      {word.label}
    </Badge>
  ) : null
}
