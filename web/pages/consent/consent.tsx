// Consent at a glance: per purpose who agreed, refused and never said, and how many would be withheld today.
import { IconShieldCheck } from '@tabler/icons-react'
import { listConsentPurposes } from '../../../src/leads/consents/contract.ts'
import type { PurposeCounts } from '../../../src/leads/consents/contract.ts'
import { importsPath } from '../../paths.ts'
import { useCall } from '../../queries.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { ButtonLink, TextLink } from '../../ui/links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, EmptyState } from '../../ui/states.tsx'
import { useWorkspace } from '../../workspace.ts'
import { purposeNames } from '../lead/purposes.ts'
import { CountLink } from './count-link.tsx'
import classes from './consent.module.css'
import { purposeWords } from './words.ts'

export function ConsentPage() {
  const { slug } = useWorkspace()
  const found = useCall(listConsentPurposes, {}, { refetchMs: 15_000 })
  return (
    <>
      <PageHeader
        title="Consent"
        about="What people agreed to, purpose by purpose, and how many would be left out if something went out today."
      />
      <Answer
        of={found}
        isEmpty={({ leads }) => leads === 0}
        empty={
          <EmptyState
            icon={IconShieldCheck}
            title="Nobody has said anything yet"
            actions={<ButtonLink to={importsPath(slug)}>Import a file</ButtonLink>}
          >
            Consents come with an import, with the cookie banner and forms of your website, or are recorded by
            hand on a lead.
          </EmptyState>
        }
      >
        {({ items, isPartial }) => (
          <>
            <Purposes items={items} />
            {isPartial ? <PartialNote /> : null}
          </>
        )}
      </Answer>
    </>
  )
}

/** Says that numbers will rise. */
export function PartialNote() {
  return (
    <p className={classes.aside} role="status">
      The leads are being made ready for counting; these numbers still rise.
    </p>
  )
}

function Purposes({ items }: { items: readonly PurposeCounts[] }) {
  const { slug } = useWorkspace()
  const counted = (key: 'granted' | 'denied' | 'unknown' | 'allowed' | 'withheld', header: string) => ({
    key,
    header,
    // On a phone what holds today is enough; the page of the purpose says the rest.
    ...(key === 'allowed' || key === 'withheld' ? {} : { show: 'wide' as const }),
    align: 'right' as const,
    cell: (row: PurposeCounts) => (
      <CountLink group={row[key]} of={`${purposeNames[row.purpose]}, ${header.toLowerCase()}`} />
    ),
  })
  return (
    <DataTable
      label="Purposes"
      rows={items}
      rowId={({ purpose }) => purpose}
      columns={[
        {
          key: 'purpose',
          header: 'Purpose',
          cell: ({ purpose }) => (
            <>
              <TextLink to="/w/$workspace/consent/$purpose" params={{ workspace: slug, purpose }} fw={500}>
                {purposeNames[purpose]}
              </TextLink>
              <div className={classes.about}>{purposeWords[purpose].about}</div>
            </>
          ),
        },
        counted('granted', 'Agreed'),
        counted('denied', 'Refused'),
        counted('unknown', 'Never said'),
        counted('allowed', 'Allowed today'),
        counted('withheld', 'Withheld today'),
      ]}
    />
  )
}
