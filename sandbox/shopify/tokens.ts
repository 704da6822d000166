// Tokens of an app in one shop: access for an hour, refresh for ninety days, a new pair each time one is used.
import type { World } from '../frame/world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const ACCESS_MS = HOUR_MS
const REFRESH_MS = 90 * DAY_MS

/** How long after its first use a refresh token still works, if its successor was not used. */
const RECOVERY_MS = 30 * DAY_MS

export interface Pair {
  accessToken: string
  scopes: string[]
  /** absent for a token that never expires */
  refreshToken?: string
}

export interface Tokens {
  grant(scopes: string[], isExpiring: boolean): Pair
  /** A new pair for a refresh token; undefined where that is unknown, retired or too old. */
  refresh(refreshToken: string): Pair | undefined
  /** The scopes of an access token that is good now, or why it is not. */
  read(accessToken: string): { scopes: string[]; isExpiring: boolean } | 'unknown' | 'expired'
  expireAccess(): void
  expireRefresh(): void
  revokeAll(): void
  /** Pairs handed out by refreshing. */
  refreshed(): number
}

interface Refreshable {
  scopes: string[]
  expiresAt: number
  /** the token it was given for */
  parent: string | null
  firstUsedAt: number | null
  isRetired: boolean
}

export function createTokens(world: World): Tokens {
  const access = new Map<string, { scopes: string[]; expiresAt: number | null }>()
  const refresh = new Map<string, Refreshable>()
  let refreshes = 0

  const issue = (scopes: string[], isExpiring: boolean, parent: string | null): Pair => {
    const accessToken = `shpat_${world.token(32)}`
    access.set(accessToken, { scopes, expiresAt: isExpiring ? world.now() + ACCESS_MS : null })
    if (!isExpiring) return { accessToken, scopes }
    const refreshToken = `shprt_${world.token(32)}`
    refresh.set(refreshToken, {
      scopes,
      expiresAt: world.now() + REFRESH_MS,
      parent,
      firstUsedAt: null,
      isRetired: false,
    })
    return { accessToken, scopes, refreshToken }
  }

  // Whoever uses a token has received it: what came before it is needed no longer.
  const retireBefore = (token: string) => {
    for (let parent = refresh.get(token)?.parent ?? null; parent !== null;) {
      const before = refresh.get(parent)
      if (!before || before.isRetired) return
      before.isRetired = true
      for (const [name, other] of refresh)
        if (other.parent === parent && name !== token) other.isRetired = true
      parent = before.parent
    }
  }

  return {
    grant: (scopes, isExpiring) => issue(scopes, isExpiring, null),
    refresh(token) {
      const now = world.now()
      const known = refresh.get(token)
      if (!known || known.isRetired || now >= known.expiresAt) return undefined
      if (known.firstUsedAt !== null && now >= known.firstUsedAt + RECOVERY_MS) return undefined
      known.firstUsedAt ??= now
      retireBefore(token)
      refreshes++
      return issue(known.scopes, true, token)
    },
    read(token) {
      const known = access.get(token)
      if (!known) return 'unknown'
      if (known.expiresAt !== null && world.now() >= known.expiresAt) return 'expired'
      return { scopes: known.scopes, isExpiring: known.expiresAt !== null }
    },
    expireAccess() {
      for (const token of access.values()) if (token.expiresAt !== null) token.expiresAt = world.now()
    },
    expireRefresh() {
      for (const token of refresh.values()) token.expiresAt = world.now()
    },
    revokeAll() {
      access.clear()
      refresh.clear()
    },
    refreshed: () => refreshes,
  }
}

/** Seconds that a fresh pair lives, as the token endpoint tells them. */
export const LIFETIMES_S = { access: ACCESS_MS / 1000, refresh: REFRESH_MS / 1000 }
