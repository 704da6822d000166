// Describes the page and the browser in the words of Segment's `context`.
import { version } from '../package.json'
import { arrivalOf, mergeClickIds, type ClickIds } from './arrival.ts'
import { newId } from './calls.ts'
import { parseCookies } from './cookies.ts'
import { parseJson } from './json.ts'
import type { Store } from './store.ts'
import { gaIds, metaIds } from './vendors.ts'
import { nextVisit, outsideReferrer, type Visit } from './visit.ts'

export interface Scene {
  /** The address changed without a load: the next event may begin a new visit, and `referrer` is the address left. */
  arrive(referrer: string): void
  page(): Record<string, string>
  /** The context of an event now; counts it as activity of the session. */
  context(): Record<string, unknown>
  sessionId(): string | undefined
}

export function openScene(store: Store): Scene {
  let referrer = document.referrer
  let arrived = true

  const page = (): Record<string, string> => ({
    url: location.href.replace(/#.*/, ''),
    path: location.pathname,
    search: location.search,
    title: document.title,
    referrer,
  })

  return {
    arrive(from) {
      referrer = from
      arrived = true
    },
    page,
    context() {
      const nowMs = Date.now()
      const arrival = arrivalOf(location.search, new Date(nowMs).toISOString())
      const { visit, started } = nextVisit(keptVisit(store), {
        nowMs,
        arrival,
        arrived,
        referrer: outsideReferrer(referrer, location.host),
        newId: newId(),
      })
      const kept = parseJson<ClickIds>(store.read('tl_clicks')) || {}
      const clickIds = mergeClickIds(kept, arrived ? arrival.clickIds : {}, nowMs)
      arrived = false
      store.write('tl_clicks', JSON.stringify(clickIds))
      store.write('tl_session', visit.id + '.' + nowMs, 1)
      store.write('tl_visit', JSON.stringify(visit))
      const cookies = parseCookies(document.cookie)
      const { width, height } = screen
      return {
        library: { name: 'throughline.js', version },
        page: page(),
        locale: navigator.language,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        screen: { width, height, density: devicePixelRatio },
        userAgent: navigator.userAgent,
        campaign: arrival.campaign,
        referrer: visit.referrer ? { url: visit.referrer } : undefined,
        throughline: {
          sessionId: visit.id,
          sessionStart: started || undefined,
          campaign: visit.campaign,
          clickIds,
          ...metaIds(cookies, clickIds),
          ga: gaIds(cookies),
        },
      }
    },
    sessionId: () => keptSession(store)[0],
  }
}

/** The cookie holds what subdomains share, id and last instant; the rest is in localStorage and only counts for the same id. */
function keptVisit(store: Store): Visit | undefined {
  const [id, lastAt] = keptSession(store)
  if (!id) return undefined
  const visit = parseJson<Visit>(store.read('tl_visit'))
  const known = visit && visit.id === id ? visit : { id, arrivalKey: '', referrer: '' }
  return { ...known, lastAtMs: Number(lastAt) }
}

function keptSession(store: Store): string[] {
  return (store.read('tl_session') || '').split('.')
}
