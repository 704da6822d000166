// Views, segments and rules that could not be answered any more after a change of a field.
import { Alert } from '@mantine/core'
import { count } from '../../../ui/format.ts'
import { useActorName } from '../../lead/actors.ts'

interface BrokenViewsProps {
  segments: readonly { id: string; name: string; owner: string }[]
  rules: readonly { id: string; name: string; owner: string }[]
  views: readonly { id: string; name: string | null; owner: string }[]
}

export function BrokenViews({ views, segments, rules }: BrokenViewsProps) {
  const actorName = useActorName()
  if (views.length + segments.length + rules.length === 0) return null
  const who = (owner: string) => actorName(owner) ?? 'nobody in particular'
  const names = [
    ...views.map(({ name, owner }) =>
      name === null ? `a private view of ${who(owner)}` : `${name} (${who(owner)})`,
    ),
    ...segments.map(({ name, owner }) => `the segment ${name} (${who(owner)})`),
    ...rules.map(({ name }) => `the rule “${name}”`),
  ]
  const many = [
    ...(views.length > 0 ? [count(views.length, 'view')] : []),
    ...(segments.length > 0 ? [count(segments.length, 'segment')] : []),
    ...(rules.length > 0 ? [count(rules.length, 'rule')] : []),
  ].join(' and ')
  return (
    <Alert color="yellow" variant="light" title={`${many} must be changed afterwards`}>
      They ask in a way that the new type has no answer to: {names.join(', ')}.
    </Alert>
  )
}
