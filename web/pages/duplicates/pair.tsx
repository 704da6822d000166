// One proposed pair: how sure it is and why, the two side by side, and what a person can do with it.
import { Badge, Button, Group, Text } from '@mantine/core'
import type { listProposals } from '../../../src/leads/contract.ts'
import type { ReplyOf } from '../../../src/lib/endpoint.ts'
import { LeadLink } from '../../ui/lead-link.tsx'
import { words } from '../../ui/format.ts'
import { Time } from '../../ui/time.tsx'
import { cautionOf, reasonWords, sureness } from './reasons.ts'
import classes from './pair.module.css'

export type Pair = ReplyOf<typeof listProposals>['items'][number]
type Twin = Pair['leads'][number]

interface PairCardProps {
  pair: Pair
  mayMerge: boolean
  isDismissing: boolean
  onDismiss: () => void
  onMerge: () => void
}

export function PairCard({ pair, mayMerge, isDismissing, onDismiss, onMerge }: PairCardProps) {
  const { leads, probability, because, needsPerson, proposedAt } = pair
  const [one, other] = leads
  if (!one || !other) return null
  const caution = cautionOf(needsPerson)
  return (
    <article className={classes.root} aria-label={`${one.label} and ${other.label}`}>
      <div className={classes.head}>
        {probability === null ? (
          <Badge variant="default">{words(pair.reason)}</Badge>
        ) : (
          <Text fw={600} className={classes.figure}>
            {sureness(probability)}
          </Text>
        )}
        <Text fz="xs" c="dimmed">
          {probability === null ? 'proposed' : 'likely the same, proposed'} <Time at={proposedAt} />
        </Text>
        {mayMerge ? (
          <Group gap={8} className={classes.actions}>
            <Button size="compact-sm" variant="default" loading={isDismissing} onClick={onDismiss}>
              Not the same person
            </Button>
            <Button size="compact-sm" onClick={onMerge}>
              Look and merge
            </Button>
          </Group>
        ) : null}
      </div>
      {because.length > 0 ? (
        <ul className={classes.reasons} aria-label="Why">
          {because.map((reason) => (
            <li key={reason.column} data-against={reason.bits < 0 || undefined}>
              {reasonWords(reason)}
            </li>
          ))}
        </ul>
      ) : null}
      {caution ? (
        <Text fz="sm" c="dimmed">
          {caution}
        </Text>
      ) : null}
      <table className={classes.sides}>
        <thead>
          <tr>
            <td />
            <th scope="col">
              <LeadLink id={one.id} label={one.label} />
            </th>
            <th scope="col">
              <LeadLink id={other.id} label={other.label} />
            </th>
          </tr>
        </thead>
        <tbody>
          {fields
            .filter(({ key }) => one[key] !== null || other[key] !== null)
            .map(({ key, label }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                <td data-same={one[key] === other[key] || undefined}>{one[key] ?? 'nothing'}</td>
                <td data-same={one[key] === other[key] || undefined}>{other[key] ?? 'nothing'}</td>
              </tr>
            ))}
          <tr>
            <th scope="row">Since</th>
            <td>
              <Time at={one.createdAt} />
            </td>
            <td>
              <Time at={other.createdAt} />
            </td>
          </tr>
        </tbody>
      </table>
    </article>
  )
}

const fields: { key: Exclude<keyof Twin, 'id' | 'label' | 'createdAt'>; label: string }[] = [
  { key: 'email', label: 'E-mail' },
  { key: 'phone', label: 'Phone' },
  { key: 'company', label: 'Company' },
  { key: 'jobTitle', label: 'Job title' },
  { key: 'city', label: 'City' },
  { key: 'country', label: 'Country' },
]
