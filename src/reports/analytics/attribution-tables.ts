// The tables of the tab Attribution, made of what was read. Pure.
import { UNATTRIBUTED, modelLabels } from '../../projections/attribution/contract.ts'
import { NO_CAMPAIGN, UNITS, earners, whose } from './attribution-earners.ts'
import type { CreditLine, CreditParts } from './attribution-earners.ts'
import type { ReportTable } from './contract.ts'
import { journeyOpener } from './journey-behind.ts'
import { behind, column, sums, timeline } from './table.ts'

/** Paths in the list. */
const TOP_PATHS = 20

export function attributionTables(parts: CreditParts): ReportTable[] {
  const { scope, model, models, names, credit, ruled } = parts
  const lines = names.map((name): CreditLine => ({
    name,
    now: credit(model, name, 1),
    before: credit(model, name, 0),
  }))
  const isLearned = model !== ruled
  return [
    earners(parts, {
      id: 'channels',
      label: `Channels by ${modelLabels[model]}`,
      dimension: 'channel',
      lines,
      hasBefore: !isLearned,
      spent: parts.spent.channels,
    }),
    {
      id: 'models',
      label: 'Models side by side',
      about: 'Conversions that each model gives a channel; every column adds up to all of them',
      columns: [
        column('channel', 'Channel', 'text'),
        ...models.map((one) => column(one, modelLabels[one], 'decimal')),
      ],
      rows: byCredit(names, (name) => credit(model, name, 1).units).map((name) => ({
        values: {
          channel: name,
          ...Object.fromEntries(models.map((one) => [one, credit(one, name, 1).units / UNITS])),
        },
        behind: Object.fromEntries(models.map((one) => [one, whose(parts, 'channel', name, one)])),
      })),
    },
    ...(parts.countsValue ? [modelsByValue(parts)] : []),
    overTime(parts),
    contribution(parts),
    earners(parts, {
      id: 'sources',
      label: `Sources by ${modelLabels[ruled]}`,
      dimension: 'source',
      lines: parts.sources,
      hasBefore: true,
      spent: new Map(),
    }),
    earners(parts, {
      id: 'campaigns',
      label: `Campaigns by ${modelLabels[ruled]}`,
      dimension: 'campaign',
      lines: parts.campaigns.map((line) => (line.name === '' ? { ...line, name: NO_CAMPAIGN } : line)),
      hasBefore: true,
      spent: parts.spent.campaigns,
    }),
    ...learnedTables(parts),
    topPaths(parts),
    ...apart(parts, scope.currency),
  ]
}

function modelsByValue(parts: CreditParts): ReportTable {
  const { names, credit, models, model, scope } = parts
  return {
    id: 'modelValue',
    label: 'Revenue by model',
    columns: [
      column('channel', 'Channel', 'text'),
      ...models.map((one) => column(one, modelLabels[one], 'money', scope.currency)),
    ],
    rows: byCredit(names, (name) => credit(model, name, 1).minor).map((name) => ({
      values: {
        channel: name,
        ...Object.fromEntries(models.map((one) => [one, credit(one, name, 1).minor])),
      },
      behind: Object.fromEntries(models.map((one) => [one, whose(parts, 'channel', name, one)])),
    })),
  }
}

function overTime({ scope, converted, countsValue, goalName, goal, ruled }: CreditParts): ReportTable {
  const { window, currency } = scope
  const now = converted.filter((one) => one.isNow === 1 && one.currency === currency)
  const counted = sums(
    now,
    ({ bucket }) => `${bucket}`,
    ({ conversions }) => conversions,
  )
  const earned = sums(
    now,
    ({ bucket }) => `${bucket}`,
    ({ valueMinor }) => valueMinor,
  )
  const all = JSON.stringify([goal, ruled, 'channel', null])
  return {
    id: 'timeline',
    label: 'Over time',
    columns: [
      column('on', 'From', 'day'),
      ...(countsValue ? [column('value', 'Revenue', 'money', currency)] : []),
      column('conversions', goalName),
    ],
    rows: timeline(
      window,
      ({ id }) => ({
        ...(countsValue ? { value: earned.of(`${id}`) } : {}),
        conversions: counted.of(`${id}`),
      }),
      (span) => ({
        value: behind('credited', all, span),
        conversions: behind('credited', all, span),
      }),
    ),
  }
}

function contribution(parts: CreditParts): ReportTable {
  const { names, credit, touched } = parts
  const touchedNames = names.filter((name) => name !== UNATTRIBUTED)
  return {
    id: 'contribution',
    label: 'What channels contribute',
    about: 'Journeys that a channel began, was part of, and closed',
    columns: [
      column('channel', 'Channel', 'text'),
      column('touched', 'Was part of'),
      column('began', 'Began', 'decimal'),
      column('closed', 'Closed', 'decimal'),
    ],
    rows: byCredit(touchedNames, (name) => touched.get(name) ?? 0)
      .filter((name) => touched.has(name))
      .map((name) => ({
        values: {
          channel: name,
          touched: touched.get(name) ?? 0,
          began: credit('first', name, 1).units / UNITS,
          closed: credit('last', name, 1).units / UNITS,
        },
        behind: {
          touched: whose(parts, 'channel', name, 'linear'),
          began: whose(parts, 'channel', name, 'first'),
          closed: whose(parts, 'channel', name, 'last'),
        },
      })),
  }
}

function learnedTables({ run, models, goalName }: CreditParts): ReportTable[] {
  if (!run) return []
  return (['markov_1', 'shapley'] as const).flatMap((model): ReportTable[] => {
    const learned = run.found[model]
    if (!models.includes(model) || 'reason' in learned) return []
    const isMarkov = model === 'markov_1'
    return [
      {
        id: model,
        label: `${modelLabels[model]}: what was learned`,
        about: `Each channel’s share of ${goalName.toLowerCase()} over the last year, and where it lies in 95 of 100 resamples of the journeys`,
        columns: [
          column('channel', 'Channel', 'text'),
          column('share', 'Share', 'share'),
          column('low', 'At least', 'share'),
          column('high', 'At most', 'share'),
          ...(isMarkov ? [column('lost', 'Lost without it', 'share')] : []),
        ],
        rows: [...learned.channels]
          .sort((a, b) => b.share - a.share || (a.channel < b.channel ? -1 : 1))
          .map(({ channel, share: part, interval, removalEffect }) => ({
            values: {
              channel,
              share: part,
              low: interval[0],
              high: interval[1],
              ...(isMarkov ? { lost: removalEffect ?? 0 } : {}),
            },
          })),
      },
    ]
  })
}

function topPaths({ paths, goal, goalName, countsValue, scope }: CreditParts): ReportTable {
  return {
    id: 'paths',
    label: 'Journeys that led there most',
    columns: [
      column('path', 'Journey', 'text'),
      column('conversions', goalName),
      ...(countsValue ? [column('value', 'Revenue', 'money', scope.currency)] : []),
      column('days', 'Days, in the middle', 'days'),
    ],
    rows: paths
      .filter(({ currency, path }) => currency === scope.currency && path.length > 0)
      .slice(0, TOP_PATHS)
      .map(({ path, conversions, valueMinor, days }) => {
        const opener = journeyOpener(goal, path)
        return {
          values: {
            path: path.join(' → '),
            conversions,
            ...(countsValue ? { value: valueMinor } : {}),
            days,
          },
          ...(opener ? { behind: { conversions: opener, value: opener } } : {}),
        }
      }),
  }
}

function apart({ converted, goalName }: CreditParts, ours: string): ReportTable[] {
  const foreign = converted.filter(({ isNow, currency }) => isNow === 1 && currency !== ours)
  const currencies = [...new Set(foreign.map(({ currency }) => currency))].sort()
  return currencies.map((currency) => {
    const mine = foreign.filter((one) => one.currency === currency)
    return {
      id: `apart_${currency}`,
      label: `Without a rate: ${currency}`,
      about: `No rate to ${ours} is known for these days, so they are in no number above. Rates are entered in the settings of attribution.`,
      columns: [column('conversions', goalName), column('value', 'Revenue', 'money', currency)],
      rows: [
        {
          values: {
            conversions: mine.reduce((sum, { conversions }) => sum + conversions, 0),
            value: mine.reduce((sum, { valueMinor }) => sum + valueMinor, 0),
          },
        },
      ],
    }
  })
}

function byCredit(names: readonly string[], credit: (name: string) => number): string[] {
  return [...names].sort((a, b) => credit(b) - credit(a) || (a < b ? -1 : 1))
}
