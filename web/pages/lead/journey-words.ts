// The words of journeys: bands, components of health, trends.
import type { JourneyStatistics } from '../../../src/projections/journey/contract.ts'

export const bandNames: Record<NonNullable<JourneyStatistics['health']['band']>, string> = {
  healthy: 'Healthy',
  watch: 'Watch',
  at_risk: 'At risk',
}

export const componentNames: Record<JourneyStatistics['health']['components'][number]['name'], string> = {
  retention: 'Will come back',
  engagement: 'Engagement lately',
  trend: 'Trend',
  value: 'Value among buyers',
  relationship: 'On good terms',
}

export const trendNames: Record<JourneyStatistics['trend']['trend'], string> = {
  increasing: 'Increasing',
  stable: 'Stable',
  declining: 'Declining',
  insufficient: 'Too early to tell',
}

export const riskNames = { low: 'Low', medium: 'Medium', high: 'High' } as const
