// The secret of a webhook, shown this once, with what to do with it.
import { Button, Group, Stack, Text } from '@mantine/core'
import { CopyField } from '../../ui/copy-field.tsx'

export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Stack gap={16}>
      <Text>
        Copy the secret now and keep it with your server: it cannot be shown again. Every request is signed
        with it by the Standard Webhooks specification, in the header webhook-signature; libraries for most
        languages check it.
      </Text>
      <CopyField value={secret} label="Signing secret" />
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}
