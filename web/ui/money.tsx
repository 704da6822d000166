// An amount with its currency, from whole minor units.
import { formatMoney } from '../../src/lib/money.ts'

export function Money({ minor, currency }: { minor: number; currency: string }) {
  return (
    <span className="tabular" style={{ whiteSpace: 'nowrap' }}>
      {formatMoney(minor, currency)}
    </span>
  )
}
