// A field that searches a list while somebody types, a little later than each letter.
import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'

export function SearchField({
  label,
  value,
  onSearch,
}: {
  label: string
  value: string | undefined
  onSearch: (value: string | undefined) => void
}) {
  const [typed, setTyped] = useState(value ?? '')
  const tell = useDebouncedCallback((text: string) => onSearch(text.trim() || undefined), 250)
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      w={280}
      leftSection={<IconSearch size={16} />}
      value={typed}
      maxLength={200}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        tell(event.currentTarget.value)
      }}
    />
  )
}
