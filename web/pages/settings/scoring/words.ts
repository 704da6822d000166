// What the parts of the score are called, and what each is about.
import type { Dimension, ScoreRule } from '../../../../src/projections/score/contract.ts'

export const dimensionWords: Record<Dimension | 'deductions', { name: string; about: string }> = {
  demographic: {
    name: 'Person',
    about: 'Who somebody is: of what is known of a lead, the share of points that fits.',
  },
  firmographic: {
    name: 'Company',
    about: 'Whether the company fits: size, industry, revenue, whatever your custom fields hold.',
  },
  behavioural: { name: 'Behaviour', about: 'What somebody ever did. Points fade slowly.' },
  engagement: { name: 'Engagement', about: 'What somebody did lately. Points fade within weeks.' },
  intent: { name: 'Intent', about: 'Signs that somebody is about to buy. Points fade within days.' },
  deductions: {
    name: 'Deductions',
    about: 'Taken off the whole score: unsubscribed, bounced, a competitor, a student.',
  },
}

/** Points and how they fade, in a few words. */
export function ruleTerms({ points, counts, halfLifeDays, criterion, atMost }: ScoreRule): string {
  const parts = [`${points > 0 ? '+' : '−'}${Math.abs(points)}`]
  if (counts === 'each_time') parts.push('each time')
  if (halfLifeDays !== null && counts === 'each_time') parts.push(`halves in ${halfLifeDays} days`)
  if (atMost !== null && counts === 'each_time') parts.push(atMost === 1 ? 'once' : `at most ${atMost} times`)
  if (criterion !== '') parts.push(criterion)
  return parts.join(' · ')
}
