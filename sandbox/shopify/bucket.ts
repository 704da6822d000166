// The cost bucket of an app in a shop: it fills by the second, and a query must find its whole price in it.

export interface Bucket {
  available(): number
  /** Whether there was enough; takes it if so. */
  take(points: number): boolean
  giveBack(points: number): void
}

export function createBucket(
  now: () => number,
  plan: () => { pointsPerSecond: number; bucketPoints: number },
): Bucket {
  let points = plan().bucketPoints
  let at = now()
  const fill = () => {
    const { pointsPerSecond, bucketPoints } = plan()
    points = Math.min(bucketPoints, points + ((now() - at) / 1000) * pointsPerSecond)
    at = now()
  }
  return {
    available() {
      fill()
      return points
    },
    take(wanted) {
      fill()
      if (wanted > points) return false
      points -= wanted
      return true
    },
    giveBack(unused) {
      points = Math.min(plan().bucketPoints, points + unused)
    },
  }
}
