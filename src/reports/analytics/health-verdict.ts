// How well health did on the workspace's own past, for the tab Journey health.
import { readJudgedHealth } from '../../projections/journey/index.ts'
import type { JudgedHealth } from '../../projections/journey/index.ts'
import type { Db } from '../../platform/postgres.ts'
import type { ReportTable } from './contract.ts'
import { column } from './table.ts'
import { dayText } from './window.ts'

/** The table of buyers by the health that they had, where it could be judged, and what is to be said of it. */
export async function readHealthVerdict(
  db: Db,
  workspaceId: string,
): Promise<{ tables: ReportTable[]; notes: string[] }> {
  return verdictOf(await readJudgedHealth(db, workspaceId))
}

/** Pure. @param judged undefined where nothing was learned yet */
export function verdictOf(judged: JudgedHealth | undefined): { tables: ReportTable[]; notes: string[] } {
  if (!judged) return { tables: [], notes: [] }
  if ('reason' in judged) return { tables: [], notes: [judged.reason] }
  const { asOfDay, horizonDays, verdict } = judged
  const { people, ordered, tenths, auc, riskAuc, spearman, earnsItsPlace } = verdict
  const known = (value: number | null) => (value === null ? 'not known' : value.toFixed(2))
  const worth = earnsItsPlace
    ? 'It earns its place.'
    : 'It does not earn its place here yet: go by the risk of no further order.'
  return {
    tables: [
      {
        id: 'healthVerdict',
        label: 'How well health did',
        about: `Buyers by their health as of ${dayText(asOfDay)}, the least healthy tenth first, and how many ordered in the ${horizonDays} days since`,
        columns: [
          column('health', 'Health then', 'text'),
          column('ordered', 'Ordered since', 'share'),
          column('buyers', 'Buyers'),
        ],
        rows: tenths.map((tenth) => ({
          values: {
            health: tenth.from === tenth.to ? `${tenth.from}` : `${tenth.from}–${tenth.to}`,
            ordered: tenth.ordered,
            buyers: tenth.people,
          },
        })),
      },
    ],
    notes: [
      `Health of ${people.toLocaleString('en-GB')} buyers ${horizonDays} days ago, held against who ordered since (${(100 * ordered).toFixed(0)} %): one who ordered had the better health than one who did not in ${chance(auc)} (AUC ${known(auc)}; the risk alone ${known(riskAuc)}), and the tenths rise with orders by a rank correlation of ${spearman.toFixed(2)}; 0.95 is asked for, and an AUC at most 0.02 below that of the risk. ${worth} By the rules of today, and by what was known of orders and acts then.`,
    ],
  }
}

function chance(auc: number | null): string {
  return auc === null ? 'a share of cases that cannot be told' : `${Math.round(100 * auc)} of 100 cases`
}
