// What the tab Attribution can be asked beside range and filters: the conversion and the model.
import { NativeSelect } from '@mantine/core'
import {
  getAttributionSettings,
  goalKey,
  modelLabels,
  shownModels,
} from '../../../src/projections/attribution/contract.ts'
import type { ShownModel } from '../../../src/projections/attribution/contract.ts'
import { useCall } from '../../queries.ts'
import { goalName } from '../../ui/goal-name.ts'
import { useMay } from '../../workspace.ts'
import type { AnalyticsAddress } from './address.ts'
import classes from './analytics.module.css'

interface CreditWaysProps {
  address: AnalyticsAddress
  onChange: (change: Partial<AnalyticsAddress>) => void
}

export function CreditWays({ address, onChange }: CreditWaysProps) {
  const mayRead = useMay('settings.read')
  const { data } = useCall(getAttributionSettings, {}, { staleMs: 60_000, enabled: mayRead })
  const settings = data?.settings
  const goals = settings?.goals.map(goalKey) ?? (address.goal ? [address.goal] : [])
  const chosen = settings?.models[0]
  return (
    <div className={classes.ways}>
      {goals.length > 1 ? (
        <NativeSelect
          size="xs"
          aria-label="Conversion"
          value={address.goal ?? goals[0]}
          onChange={(event) => {
            const goal = event.currentTarget.value
            onChange({ goal: goal === goals[0] ? undefined : goal })
          }}
          data={goals.map((goal) => ({ value: goal, label: goalName(goal) }))}
        />
      ) : null}
      <NativeSelect
        size="xs"
        aria-label="Model"
        value={address.model ?? chosen ?? 'last_non_direct'}
        onChange={(event) => {
          const model = event.currentTarget.value as ShownModel
          onChange({ model: model === chosen ? undefined : model })
        }}
        data={shownModels.map((model) => ({ value: model, label: modelLabels[model] }))}
      />
    </div>
  )
}
