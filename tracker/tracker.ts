// The tracker's verbs: what a page may call, and how each becomes a call that is held, sent or dropped.
import { newId, type Call } from './calls.ts'
import { choose, parseChoice, permission, statedPurposes, type Permission } from './consent.ts'
import { openScene, type Scene } from './context.ts'
import { dataLayerEntries } from './datalayer.ts'
import type { Options } from './options.ts'
import { openQueue, type Queue } from './queue.ts'
import { callBytes, sizeBytes } from './retry.ts'
import { eraseCookie, openStore, readCookie, writeCookie } from './store.ts'

declare global {
  interface Navigator {
    globalPrivacyControl?: boolean
  }
}

type Bag = Record<string, unknown>
type Details = Pick<Call, 'type'> & Partial<Call>
/** `messageId` lets a page share an event's id with another tag; `timestamp` dates an act of the past (ISO). */
export type CallOptions = Partial<Pick<Call, 'messageId' | 'timestamp'>>

const anonymousDays = 400
const choiceDays = 180
const heldCalls = 100

export interface Tracker {
  page(name?: string | Bag, properties?: Bag, options?: CallOptions): void
  track(event: string, properties?: Bag, options?: CallOptions): void
  identify(userId?: string | number | null | Bag, traits?: Bag, options?: CallOptions): void
  group(groupId: string | number, traits?: Bag, options?: CallOptions): void
  alias(userId: string | number, previousId?: string | number, options?: CallOptions): void
  /** Forgets who this is: the next event has a new anonymous id and session. */
  reset(): void
  /** Records the visitor's choice by purpose: `analytics`, `ad_user_data`, `ad_personalisation`. */
  consent(purposes: Record<string, boolean>): void
  optOut(): void
  optIn(): void
  ready(callback: (tracker: Tracker) => void): void
  /** The ids of now, to hand to the site's own server; none while events may not be sent. */
  user(): { anonymousId?: string; userId?: string; sessionId?: string }
}

/** The verbs, and for the page's life cycle the scene (where we are) and the queue (what waits). */
export function openTracker(options: Options): { tracker: Tracker; scene: Scene; queue: Queue } {
  const store = openStore(options.cookieDomain)
  const scene = openScene(store)
  const queue = openQueue(options.host, options.writeKey, store)
  const gpc = options.gpc && navigator.globalPrivacyControl === true
  const dnt = options.dnt && navigator.doNotTrack === '1'
  let choice = parseChoice(readCookie('tl_consent'))
  let held: Call[] = []

  const refused = (): boolean => dnt || !!readCookie('tl_optout')
  const allowed = (): Permission => permission(options.consentRequired, refused(), choice)

  function make(details: Details, more?: CallOptions): Call {
    const anonymousId = store.read('tl_anon') || newId()
    store.write('tl_anon', anonymousId, anonymousDays)
    const call: Call = {
      messageId: newId(),
      timestamp: new Date().toISOString(),
      anonymousId,
      userId: store.read('tl_user'),
      context: scene.context(),
      ...details,
      ...more,
    }
    // Copied, since the page may change its objects before the batch goes.
    const copy: Call = JSON.parse(JSON.stringify(call))
    if (sizeBytes(copy) > callBytes) throw new Error('Throughline: over 32 kB, not sent')
    return copy
  }

  function take(details: Details, more?: CallOptions): void {
    const may = allowed()
    if (may === 'denied') return
    try {
      const call = make(details, more)
      if (may === 'granted') release(call)
      else held = held.concat(call).slice(-heldCalls)
    } catch (error) {
      // Reported to the console, but never into the shop's own code that made the call.
      setTimeout(() => {
        throw error
      })
    }
  }

  /** Sends a call with the consent of now, which for a held one is the consent that freed it. */
  function release(call: Call): void {
    const purposes = statedPurposes(choice, gpc)
    const ours = call.context.throughline as Bag
    if (purposes) call.context.consent = { categoryPreferences: purposes }
    if (choice) ours.consentAt = choice.at
    if (purposes && purposes.ad_user_data === false) ours.fbp = ours.fbc = undefined
    queue.add(call)
    if (options.dataLayer) pushAll(options.dataLayer, dataLayerEntries(call))
  }

  /** Acts on a change of what is allowed. `farewell` is the withdrawal itself, worded while the ids were still known. */
  function settle(farewell?: Call): void {
    const granted = allowed() === 'granted'
    if (granted) {
      store.persist()
      held.forEach(release)
    } else {
      store.forget()
      queue.clear()
    }
    held = []
    if (choice && !refused()) {
      // A refusal is remembered only where silence would mean yes.
      if (granted || !options.consentRequired) {
        writeCookie('tl_consent', JSON.stringify(choice), choiceDays, options.cookieDomain)
      } else eraseCookie('tl_consent', options.cookieDomain)
    }
    if (farewell) {
      release(farewell)
      queue.flush()
    }
  }

  const tracker: Tracker = {
    page(name, properties, more) {
      const bag = typeof name === 'object' ? name : properties
      const title = typeof name === 'string' ? name : undefined
      take({ type: 'page', name: title, properties: { ...scene.page(), name: title, ...bag } }, more)
    },
    track(event, properties = {}, more) {
      take({ type: 'track', event, properties }, more)
    },
    identify(userId, traits = {}, more) {
      const isBag = typeof userId === 'object'
      if (!isBag && userId && allowed() !== 'denied') store.write('tl_user', String(userId))
      take({ type: 'identify', traits: (isBag && userId) || traits }, more)
    },
    group(groupId, traits = {}, more) {
      take({ type: 'group', groupId: String(groupId), traits }, more)
    },
    alias(userId, previousId, more) {
      const previous = String(previousId || store.read('tl_user') || store.read('tl_anon') || '')
      take({ type: 'alias', userId: String(userId), previousId: previous }, more)
    },
    reset: store.reset,
    consent(purposes) {
      const next = choose(choice, purposes, new Date().toISOString())
      if (next === choice) return
      const was = allowed()
      choice = next
      const news: Details = {
        type: 'track',
        event: 'consent_changed',
        properties: { purposes: next.purposes },
      }
      const may = allowed()
      // Nothing decided yet about being counted at all: what is held stays held.
      if (may === 'unknown') return
      settle(was === 'granted' && may === 'denied' ? make(news) : undefined)
      take(news)
    },
    optOut() {
      writeCookie('tl_optout', '1', anonymousDays, options.cookieDomain)
      settle()
    },
    optIn() {
      eraseCookie('tl_optout', options.cookieDomain)
      settle()
    },
    ready(callback) {
      callback(tracker)
    },
    user() {
      if (allowed() !== 'granted') return {}
      return {
        anonymousId: store.read('tl_anon'),
        userId: store.read('tl_user'),
        sessionId: scene.sessionId(),
      }
    },
  }
  settle()
  return { tracker, scene, queue }
}

function pushAll(layerName: string, entries: Bag[]): void {
  const globals: Record<string, Bag[] | undefined> = Object(window)
  ;(globals[layerName] = globals[layerName] || []).push(...entries)
}
