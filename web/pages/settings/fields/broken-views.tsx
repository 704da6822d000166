// Views whose filter could not be answered any more after a change of a field.
import { Alert } from '@mantine/core'
import { count } from '../../../ui/format.ts'
import { useActorName } from '../../lead/actors.ts'

interface BrokenViewsProps {
  views: readonly { id: string; name: string | null; owner: string }[]
}

export function BrokenViews({ views }: BrokenViewsProps) {
  const actorName = useActorName()
  if (views.length === 0) return null
  const names = views.map(({ name, owner }) => {
    const who = actorName(owner) ?? 'nobody in particular'
    return name === null ? `a private view of ${who}` : `${name} (${who})`
  })
  return (
    <Alert color="yellow" variant="light" title={`${count(views.length, 'view')} must be changed afterwards`}>
      The filter asks in a way that the new type has no answer to: {names.join(', ')}.
    </Alert>
  )
}
