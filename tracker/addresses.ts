// Notices when a single-page app shows another page.

const settleMs = 50

/**
 * Calls `onPage` with the address left whenever path or query have changed through the History API. It waits 50 ms, so that the
 * app has set its title, and so that a chain of redirects counts as the one page it ends on.
 */
export function watchAddress(onPage: (from: string) => void): void {
  const address = (): string => location.href.replace(/#.*/, '')
  let seen = address()
  let timer: ReturnType<typeof setTimeout> | undefined

  const look = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const from = seen
      seen = address()
      if (seen !== from) onPage(from)
    }, settleMs)
  }

  for (const method of ['pushState', 'replaceState'] as const) {
    const original = history[method]
    history[method] = function (...args) {
      original.apply(this, args)
      look()
    }
  }
  addEventListener('popstate', look)
}
