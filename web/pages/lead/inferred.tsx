// What follows from the rest, beside the field that it would fill: the value, what it follows from, and taking it over.
import { Badge, Button, Tooltip } from '@mantine/core'
import type { LeadDetail, LeadFields } from '../../../src/leads/contract.ts'
import { countryName } from '../../ui/countries.ts'
import { words } from '../../ui/format.ts'
import { useLeadEdit } from './edit-lead.ts'
import { emailKindNames } from './email-kinds.ts'
import type { EmailKind } from './email-kinds.ts'
import classes from './inferred.module.css'

const labels: Partial<Record<keyof LeadFields, string>> = {
  firstName: 'First name',
  lastName: 'Last name',
  timeZone: 'Time zone',
}

export function InferredFields({ lead, mayWrite }: { lead: LeadDetail; mayWrite: boolean }) {
  const { inferred } = lead.enrichment
  const edit = useLeadEdit(lead)
  if (inferred.length === 0) return null
  return (
    <section aria-label="Inferred" className={classes.root}>
      <h2 className={classes.title}>Follows from the rest</h2>
      <ul className={classes.list}>
        {inferred.map(({ field, value, from }) => (
          <li key={field} className={classes.line}>
            <span className={classes.label}>{labels[field] ?? words(field)}</span>
            <span className={classes.value}>
              {field === 'country' ? countryName(value) : value}
              <span className={classes.from}>from {from}</span>
            </span>
            {mayWrite ? (
              <Button
                size="compact-xs"
                variant="default"
                disabled={edit.isPending}
                onClick={() => edit.save({ [field]: value })}
                aria-label={`Take over ${labels[field] ?? words(field)}: ${value}`}
              >
                Take over
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

const reasons: Record<Exclude<EmailKind, 'business'>, string> = {
  free: 'The domain gives addresses to everybody, so it says nothing about a company.',
  disposable: 'The domain gives addresses for minutes. Mail to it reaches nobody.',
  role: 'A desk reads it, such as info@ or sales@, not one person.',
  placeholder: 'It stands where an address should be and belongs to nobody.',
}

/** Marks an address that is not a person's own at a company. */
export function EmailKindBadge({ kind }: { kind: EmailKind | null }) {
  if (kind === null || kind === 'business') return null
  return (
    <Tooltip label={reasons[kind]} multiline maw={280}>
      <Badge color={kind === 'disposable' || kind === 'placeholder' ? 'yellow' : 'gray'} tabIndex={0}>
        {emailKindNames[kind]}
      </Badge>
    </Tooltip>
  )
}
