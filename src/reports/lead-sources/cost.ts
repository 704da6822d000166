// Shares what was spent among the sources by which it brought people. Pure.

export interface SpentAmount {
  channel: string
  /** empty where it is of the channel alone */
  campaign: string
  minor: number
}

export interface BroughtLeads {
  source: string
  channel: string
  campaign: string
  leads: number
}

/**
 * Each amount goes to those whom its campaign brought on its channel, in proportion to how many each source has; an amount of a channel
 * alone, to all whom the channel brought. Whole minor units that add up: the largest remainders get what rounding leaves.
 * @returns by source, and what brought nobody
 */
export function shareSpend(
  spent: readonly SpentAmount[],
  brought: readonly BroughtLeads[],
): { bySource: Map<string, number>; leftMinor: number } {
  const bySource = new Map<string, number>()
  let leftMinor = 0
  for (const { channel, campaign, minor } of spent) {
    const leads = new Map<string, number>()
    for (const one of brought) {
      const isOfIt = same(one.channel, channel) && (campaign === '' || same(one.campaign, campaign))
      if (isOfIt) leads.set(one.source, (leads.get(one.source) ?? 0) + one.leads)
    }
    if (leads.size === 0) leftMinor += minor
    for (const [source, part] of parted(minor, leads))
      bySource.set(source, (bySource.get(source) ?? 0) + part)
  }
  return { bySource, leftMinor }
}

function parted(minor: number, leads: ReadonlyMap<string, number>): [string, number][] {
  const all = [...leads.values()].reduce((sum, count) => sum + count, 0)
  const parts = [...leads].map(([source, count]) => {
    const exact = (minor * count) / all
    return { source, whole: Math.floor(exact), rest: exact - Math.floor(exact) }
  })
  let over = minor - parts.reduce((sum, { whole }) => sum + whole, 0)
  return parts
    .sort((a, b) => b.rest - a.rest || (a.source < b.source ? -1 : 1))
    .map(({ source, whole }) => [source, whole + (over-- > 0 ? 1 : 0)])
}

function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}
