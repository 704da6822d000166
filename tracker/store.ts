// Keeps the tracker's few values: in memory until it may persist, then in cookies and localStorage.
import { cookieText, parseCookies } from './cookies.ts'

export interface Store {
  read(name: string): string | undefined
  /** With `days` the value also goes into a cookie of that age, which subdomains can share. */
  write(name: string, value: string, days?: number): void
  /** Moves what is in memory to the browser's storage, and writes there from now on. */
  persist(): void
  /** Forgets who this is. */
  reset(): void
  /** Empties memory and storage, and goes back to memory alone. */
  forget(): void
}

const visitorNames = ['tl_anon', 'tl_user', 'tl_session', 'tl_visit', 'tl_clicks']

export function openStore(cookieDomain: string): Store {
  const disk = localDisk()
  const memory = new Map<string, [value: string, days?: number]>()
  let durable = false

  const erase = (name: string): void => {
    memory.delete(name)
    eraseCookie(name, cookieDomain)
    if (disk) disk.removeItem(name)
  }

  const store: Store = {
    read(name) {
      const stored = durable && (readCookie(name) || (disk && disk.getItem(name)))
      const [held] = memory.get(name) || []
      return stored || held
    },
    write(name, value, days) {
      if (!durable || !disk) memory.set(name, [value, days])
      if (durable && days) writeCookie(name, value, days, cookieDomain)
      try {
        if (durable && disk) disk.setItem(name, value)
      } catch {
        // Full: ids are in their cookies all the same, but a retry queue that does not fit is lost.
      }
    },
    persist() {
      durable = true
      memory.forEach(([value, days], name) => store.write(name, value, days))
      if (disk) memory.clear()
    },
    reset: () => visitorNames.forEach(erase),
    forget() {
      durable = false
      store.reset()
      erase('tl_queue')
    },
  }
  return store
}

export function readCookie(name: string): string | undefined {
  return parseCookies(document.cookie)[name]
}

export function writeCookie(name: string, value: string, days: number, cookieDomain: string): void {
  document.cookie = cookieText(name, value, days, cookieDomain, location.protocol === 'https:')
}

export function eraseCookie(name: string, cookieDomain: string): void {
  writeCookie(name, '', 0, cookieDomain)
}

/** localStorage, or undefined where the browser denies it (even looking at it may throw). */
function localDisk(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}
