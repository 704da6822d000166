// The reconciliation of a destination: all conversions of a time, and what became of each, adding up to the whole.
import { SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { reconcileConversions } from '../../../src/activation/conversions/contract.ts'
import type { Reconciliation } from '../../../src/activation/conversions/contract.ts'
import { useCall } from '../../queries.ts'
import { count, formatNumber } from '../../ui/format.ts'
import { TextLink } from '../../ui/links.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { useWorkspace } from '../../workspace.ts'
import type { DeliveryStatus } from '../../../src/deliveries/contract.ts'
import classes from './conversions.module.css'
import { percent } from './words.ts'

const spans = ['1', '7', '30', '90']

export function ReconciliationSection({ connectionId }: { connectionId: string }) {
  const [days, setDays] = useState('7')
  const today = new Date()
  const found = useCall(
    reconcileConversions,
    {
      params: { connectionId },
      query: { from: dayOf(today, 1 - Number(days)) },
    },
    { refetchMs: 15_000, keepPrevious: true },
  )
  return (
    <Section
      title="What became of them"
      about="Every conversion that happened, by the event log, whether it left or not."
      actions={
        <SegmentedControl
          aria-label="Days"
          size="xs"
          value={days}
          onChange={setDays}
          data={spans.map((span) => ({ value: span, label: span === '1' ? 'Today' : `${span} days` }))}
        />
      }
    >
      <Answer of={found}>{(report) => <Sum report={report} connectionId={connectionId} />}</Answer>
    </Section>
  )
}

interface Part {
  part: string
  label: string
  count: number
  /** the deliveries that it counts */
  status?: DeliveryStatus
  why?: Reconciliation['withheldWhy']
}

function Sum({ report, connectionId }: { report: Reconciliation; connectionId: string }) {
  const { slug } = useWorkspace()
  const { happened } = report
  if (happened === 0 && report.byHand === 0)
    return <Text c="dimmed">No event that this destination takes happened in this time.</Text>
  const parts = partsOf(report)
  return (
    <>
      <div className={classes.bar} aria-hidden>
        {parts.map(({ part, count: own }) => (
          <span key={part} className={classes.part} data-part={part} style={{ flexGrow: own }} />
        ))}
      </div>
      <table className={classes.sum} aria-label="What became of conversions">
        <tbody>
          {parts.map((part) => (
            <PartRows key={part.part} part={part} whole={happened} connectionId={connectionId} slug={slug} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Happened</th>
            <td>{formatNumber(happened)}</td>
            <td>{percent(happened, happened)}</td>
          </tr>
        </tfoot>
      </table>
      {report.byHand > 0 ? (
        <Text c="dimmed" fz="xs" mt={8}>
          and {count(report.byHand, 'event')} sent by hand or over the API, which are not among these
        </Text>
      ) : null}
    </>
  )
}

function partsOf(report: Reconciliation): Part[] {
  return [
    { part: 'delivered', label: 'Delivered', count: report.delivered, status: 'sent' },
    {
      part: 'withheld',
      label: 'Withheld',
      count: report.withheld,
      status: 'withheld',
      why: report.withheldWhy,
    },
    { part: 'failed', label: 'Failed', count: report.failed, status: 'refused', why: report.failedWhy },
    { part: 'unknown', label: 'Unknown: the answer was lost', count: report.unknown, status: 'unknown' },
    { part: 'waiting', label: 'Waiting', count: report.waiting, status: 'waiting' },
    {
      part: 'notTaken',
      label: 'Not taken: forwarding was off, or did not send these',
      count: report.notTaken,
    },
  ]
}

function PartRows({
  part,
  whole,
  connectionId,
  slug,
}: {
  part: Part
  whole: number
  connectionId: string
  slug: string
}) {
  return (
    <>
      <tr>
        <th scope="row">
          {part.status && part.count > 0 ? (
            <TextLink
              to="/w/$workspace/deliveries"
              params={{ workspace: slug }}
              search={{ connection: connectionId, status: part.status }}
            >
              {part.label}
            </TextLink>
          ) : (
            part.label
          )}
        </th>
        <td>{formatNumber(part.count)}</td>
        <td>{percent(part.count, whole)}</td>
      </tr>
      {part.why?.map(({ reason, words, count: own }) => (
        <tr key={reason} className={classes.why}>
          <th scope="row">{words}</th>
          <td>{formatNumber(own)}</td>
          <td />
        </tr>
      ))}
    </>
  )
}

function dayOf(now: Date, days: number): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10)
}
