// When a message came: the clock for today, the day with it for any other.
import { formatDay } from '../../ui/format.ts'
import { Time, useZone } from '../../ui/time.tsx'

export function Received({ at }: { at: string }) {
  const zone = useZone()
  const day = dayIn(zone, Date.parse(at))
  return (
    <span>
      {day === dayIn(zone, Date.now()) ? null : `${formatDay(day, 'short')}, `}
      <Time at={at} as="clock" />
    </span>
  )
}

const formats = new Map<string, Intl.DateTimeFormat>()

function dayIn(timeZone: string, at: number): string {
  let format = formats.get(timeZone)
  // Sweden writes dates as ISO 8601 does.
  if (!format)
    formats.set(timeZone, (format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })))
  return format.format(at)
}
