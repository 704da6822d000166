// Log odds and chances as a person reads them; pure.

/** What a contribution does to the odds: `odds × 2.1`, `odds × 0.48`. */
export function oddsWords(logOdds: number): string {
  const factor = Math.exp(logOdds)
  const digits = factor >= 9.95 ? 0 : factor >= 0.995 ? 1 : 2
  return `odds × ${factor.toFixed(digits)}`
}

/** 0.1234 as 12.3 %. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
