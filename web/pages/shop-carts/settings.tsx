// When a cart counts as left behind, and until when an order counts as its recovery.
import { Button, Modal, NumberInput, Stack, Text } from '@mantine/core'
import { IconAdjustments } from '@tabler/icons-react'
import { useState } from 'react'
import type { FormEvent } from 'react'
import type { CartSettings } from '../../../src/commerce/carts/contract.ts'
import { showDone, useWrite } from '../../queries.ts'
import { useMay } from '../../workspace.ts'
import { listAbandonedCarts, setAbandonedCartSettings } from '../shop/calls.ts'

export function CartSettingsButton({ settings }: { settings: CartSettings }) {
  const mayWrite = useMay('settings.write')
  const [isOpen, setOpen] = useState(false)
  if (!mayWrite) return null
  return (
    <>
      <Button variant="default" leftSection={<IconAdjustments size={16} />} onClick={() => setOpen(true)}>
        When it counts
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="When a cart counts as left behind">
        <Form settings={settings} onDone={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function Form({ settings, onDone }: { settings: CartSettings; onDone: () => void }) {
  const [minutes, setMinutes] = useState<number | string>(settings.abandonedAfterMinutes)
  const [days, setDays] = useState<number | string>(settings.recoveredWithinDays)
  const save = useWrite(setAbandonedCartSettings, {
    stale: [listAbandonedCarts],
    quiet: true,
    onDone: () => {
      showDone('Kept. Carts are looked at by it from now on.')
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ body: { abandonedAfterMinutes: Number(minutes), recoveredWithinDays: Number(days) } })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap={16}>
        <NumberInput
          label="Minutes without a touch"
          description="An hour is common; shops with long decisions take a day (1440)."
          min={10}
          max={10_080}
          allowDecimal={false}
          value={minutes}
          onChange={setMinutes}
        />
        <NumberInput
          label="Days within which an order recovers it"
          min={1}
          max={90}
          allowDecimal={false}
          value={days}
          onChange={setDays}
        />
        {save.error ? (
          <Text c="red" role="alert">
            {save.error.message}
          </Text>
        ) : null}
        <Button type="submit" loading={save.isPending} disabled={minutes === '' || days === ''}>
          Keep
        </Button>
      </Stack>
    </form>
  )
}
