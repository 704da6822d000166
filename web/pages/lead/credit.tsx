// Which touch of the lead earned what of each conversion, by the model that is chosen.
import { Badge, NativeSelect, Text } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import {
  attributionHistory,
  modelLabels,
  shownModels,
} from '../../../src/projections/attribution/contract.ts'
import type {
  CreditedConversion,
  LeadCredit,
  ShownModel,
} from '../../../src/projections/attribution/contract.ts'
import { useCall } from '../../queries.ts'
import { formatNumber } from '../../ui/format.ts'
import { goalName } from '../../ui/goal-name.ts'
import { Money } from '../../ui/money.tsx'
import { Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './understanding.module.css'
import { useLeadAddress } from './use-lead-address.ts'

export function CreditSection({ leadId }: { leadId: string }) {
  const found = useCall(attributionHistory, { params: { id: leadId } }, { refetchMs: 10_000 })
  return <Answer of={found}>{(credit) => <Credit credit={credit} />}</Answer>
}

function Credit({ credit }: { credit: LeadCredit }) {
  const { model: chosen } = useSearch({ from: '/w/$workspace/leads/$id' })
  const change = useLeadAddress()
  const told = new Set(credit.conversions.flatMap(({ touches }) => Object.keys(touches[0]?.earned ?? {})))
  const offered = shownModels.filter((model) => told.has(model))
  const first = credit.models.flatMap((name) => offered.find((model) => model === name) ?? [])[0]
  const model = offered.find((one) => one === chosen) ?? first ?? 'linear'
  return (
    <Section
      title="Credit"
      about="What each touch earned of what this person did. Refunds are off; machines earn nothing."
      actions={
        offered.length > 1 ? (
          <NativeSelect
            size="xs"
            aria-label="Model"
            value={model}
            onChange={(event) => change({ model: offered.find((one) => one === event.currentTarget.value) })}
            data={offered.map((one) => ({ value: one, label: modelLabels[one] }))}
          />
        ) : undefined
      }
    >
      {credit.conversions.length === 0 ? (
        <Text c="dimmed">
          Nothing to give credit for yet. An order or another conversion of the settings will be.
        </Text>
      ) : (
        [...credit.conversions]
          .reverse()
          .map((conversion) => (
            <Conversion
              key={`${conversion.goal} ${conversion.conversionId}`}
              conversion={conversion}
              model={model}
            />
          ))
      )}
    </Section>
  )
}

function Conversion({ conversion, model }: { conversion: CreditedConversion; model: ShownModel }) {
  const { goal, convertedAt, valueMinor, refundedMinor, currency, touches, lengthDays } = conversion
  const hasValue = valueMinor !== 0 || refundedMinor !== 0
  const [primary, secondary] = [conversion.primary[model] ?? null, conversion.secondary[model] ?? null]
  return (
    <>
      <div className={classes.line}>
        <div className={classes.grow}>
          <span className={classes.strong}>{goalName(goal)}</span>
          <span className={classes.small}>
            <Time at={convertedAt} />
            {lengthDays === null
              ? ''
              : `, ${formatNumber(Math.round(lengthDays * 10) / 10)} days after the first touch`}
            {model === 'w_shaped' && conversion.wShapedAs === 'u_shaped_fallback'
              ? ', U-shaped since a milestone is missing'
              : ''}
            {conversion.isWithoutRate ? `, no rate for ${currency}` : ''}
          </span>
        </div>
        <span className={classes.points}>
          {hasValue ? <Money minor={valueMinor} currency={currency} /> : null}
          {refundedMinor > 0 ? (
            <div className={classes.small}>
              after <Money minor={refundedMinor} currency={currency} /> refunded
            </div>
          ) : null}
        </span>
      </div>
      <ul className={classes.inner} aria-label={`Touches before ${goalName(goal)}`}>
        {touches.map(({ eventId, at, channel, source, campaign, earned }, place) => (
          <li key={eventId || place} className={classes.line}>
            <div className={classes.grow}>
              <span>
                {at === null ? 'No touch led to it' : channel}{' '}
                {place === primary ? <Badge size="xs">Primary</Badge> : null}
                {place === secondary ? (
                  <Badge size="xs" color="gray">
                    Secondary
                  </Badge>
                ) : null}
              </span>
              {at === null ? null : (
                <span className={classes.small}>
                  <Time at={at} />
                  {[source, campaign]
                    .filter((word) => word !== '')
                    .map((word) => ` · ${word}`)
                    .join('')}
                </span>
              )}
            </div>
            <span className={classes.points}>
              {hasValue ? <Money minor={earned[model]?.minor ?? 0} currency={currency} /> : null}
              <div className={classes.small}>{((earned[model]?.units ?? 0) / 10_000).toFixed(1)}%</div>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
