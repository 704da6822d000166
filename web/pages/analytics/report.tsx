// A report: its numbers, its tables as charts, and what a reader must know of them.
import { Text, UnstyledButton } from '@mantine/core'
import type { Report, ReportCard } from '../../../src/reports/analytics/contract.ts'
import { changeOf, formatChange } from '../../ui/format.ts'
import classes from './analytics.module.css'
import { Panel } from './panel.tsx'
import type { Open } from './panel.tsx'
import type { TabView } from './tabs.ts'
import { shown } from './values.ts'

interface ReportViewProps {
  report: Report
  tab: TabView
  onOpen: Open
  onCsv: (table: string) => void
}

export function ReportView({ report, tab, onOpen, onCsv }: ReportViewProps) {
  return (
    <div className={classes.report}>
      <dl className={classes.cards}>
        {report.cards.map((card) => (
          <Card key={card.id} card={card} onOpen={onOpen} />
        ))}
      </dl>
      <div className={classes.panels}>
        {report.tables.map((table) => (
          <div key={table.id} data-half={tab.halves.includes(table.id) || undefined}>
            <Panel
              table={table}
              chart={tab.charts[table.id] ?? (/^(revenue|kept)_/.test(table.id) ? { as: 'heat' } : undefined)}
              onOpen={onOpen}
              onCsv={() => onCsv(table.id)}
              hasNotes={report.notes.length > 0}
            />
          </div>
        ))}
      </div>
      {report.notes.length > 0 ? (
        <ul className={classes.notes}>
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}

function Card({ card, onOpen }: { card: ReportCard; onOpen: Open }) {
  const { label, now, before, about, behind } = card
  const figure = shown(now, card)
  return (
    <div className={classes.card}>
      <dt>{card.currency ? `${label} (${card.currency})` : label}</dt>
      <dd>
        {behind && now ? (
          <UnstyledButton
            className={classes.value}
            onClick={() => onOpen(behind, label)}
            title="Who is behind it"
          >
            {figure}
          </UnstyledButton>
        ) : (
          <span className={classes.value}>{figure}</span>
        )}
        <span className={classes.foot}>
          {before === null || now === null ? null : (
            <Change now={now} before={before} told={shown(before, card)} />
          )}
          {about ? (
            <Text span inherit>
              {about}
            </Text>
          ) : null}
        </span>
      </dd>
    </div>
  )
}

function Change({ now, before, told }: { now: number; before: number; told: string }) {
  const change = changeOf(now, before)
  if (change === null) return now === 0 ? null : <span>none before</span>
  return (
    <span>
      <b data-direction={change > 0 ? 'up' : change < 0 ? 'down' : undefined}>{formatChange(change)}</b> from{' '}
      {told}
    </span>
  )
}
