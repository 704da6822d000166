// What would happen today: a bar of who is left in and who out, and the same in numbers, each leading to those leads.
import type { ConsentGroup, ConsentPurpose } from '../../../src/leads/consents/contract.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { count } from '../../ui/format.ts'
import { TextLink } from '../../ui/links.tsx'
import { useMay, useWorkspace } from '../../workspace.ts'
import classes from './consent.module.css'
import { CountLink } from './count-link.tsx'
import { purposeWords, reasonWords } from './words.ts'

interface Part {
  key: string
  label: string
  group: ConsentGroup
}

export function Today({ counts }: { counts: ConsentPurpose }) {
  const parts: Part[] = [
    { key: 'allowed', label: purposeWords[counts.purpose].allowed, group: counts.allowed },
    ...counts.reasons.map(({ reason, ...group }) => ({
      key: reason,
      label: `Withheld: ${lowerFirst(reasonWords[reason])}`,
      group,
    })),
  ]
  return (
    <>
      <div className={classes.share} aria-hidden>
        {parts
          .filter(({ group }) => group.count > 0)
          .map(({ key, group }) => (
            <span key={key} data-part={key} style={{ flex: group.count }} />
          ))}
      </div>
      <DataTable
        label="Today"
        rows={parts}
        rowId={({ key }) => key}
        columns={[
          {
            key: 'what',
            header: 'Leads',
            cell: ({ key, label }) => (
              <>
                <span className={classes.mark} data-part={key} aria-hidden />
                {label}
              </>
            ),
          },
          {
            key: 'share',
            header: 'Share',
            align: 'right',
            width: 96,
            show: 'wide',
            cell: ({ group }) => shareOf(group.count, counts.leads),
          },
          {
            key: 'count',
            header: 'How many',
            align: 'right',
            width: 120,
            cell: ({ label, group }) => <CountLink group={group} of={label} />,
          },
        ]}
      />
      <KeptOut counts={counts} />
    </>
  )
}

function KeptOut({ counts: { keptOut, purpose, leads } }: { counts: ConsentPurpose }) {
  const { slug } = useWorkspace()
  const mayDelete = useMay('leads.delete')
  const { binned, erased } = keptOut
  const values = { email_marketing: 'address', sms_marketing: 'number' }
  const value = purpose in values ? values[purpose as keyof typeof values] : 'trace'
  return (
    <p className={classes.aside}>
      Of {count(leads, 'lead')}, each counted once.
      {binned > 0 ? (
        <>
          {' Not among them: '}
          <TextLink to="/w/$workspace/leads" params={{ workspace: slug }} search={{ status: 'binned' }}>
            {count(binned, 'lead')} in the bin
          </TextLink>
          .
        </>
      ) : null}
      {erased > 0 ? (
        <>
          {' Suppressed for good: '}
          {mayDelete ? (
            <TextLink to="/w/$workspace/leads/erased" params={{ workspace: slug }}>
              {erasedWords(erased, value)}
            </TextLink>
          ) : (
            erasedWords(erased, value)
          )}
          .
        </>
      ) : null}
    </p>
  )
}

function erasedWords(erased: number, value: string): string {
  return `${count(erased, value, value === 'address' ? 'addresses' : `${value}s`)} of erased people`
}

function shareOf(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0%'
  const percent = (part / whole) * 100
  return percent < 1 ? '< 1%' : `${Math.round(percent)}%`
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
