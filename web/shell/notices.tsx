// The corner of the screen where things that were done, or that failed, are told.
import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'

export function Notices() {
  return <Notifications position="bottom-right" />
}
