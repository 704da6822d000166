// The browser tracker's entry: sets up `window.throughline`, sends the first page view, and minds the page's life cycle.
import { watchAddress } from './addresses.ts'
import { watchForms } from './forms.ts'
import { readOptions, type Options } from './options.ts'
import { openTracker, type Tracker } from './tracker.ts'

type Command = [verb: keyof Tracker, ...args: unknown[]]

declare global {
  interface Window {
    /** Before the script has loaded an array that collects commands, afterwards the tracker. */
    throughline?: Command[] | (Tracker & { push(command: Command): void })
  }
  interface Document {
    prerendering?: boolean
  }
}

const script = document.querySelector<HTMLScriptElement>('script[data-write-key]')

// A second script element on the page must not count everything twice.
if (script && Array.isArray(window.throughline || [])) {
  const options = readOptions(script.dataset, script.src)
  const begin = (): void => start(options, window.throughline as Command[] | undefined)
  if (document.prerendering) document.addEventListener('prerenderingchange', begin, { once: true })
  else begin()
}

function start(options: Options, commands: Command[] = []): void {
  const { tracker, scene, queue } = openTracker(options)
  const run = ([verb, ...args]: Command): void => {
    const action = tracker[verb] as ((...args: unknown[]) => void) | undefined
    if (action) action(...args)
  }
  window.throughline = { ...tracker, push: run }

  // A choice made before the script was there holds for the first page view already.
  const isChoice = ([verb]: Command): boolean => /^(consent|opt)/.test(verb)
  commands.filter(isChoice).forEach(run)
  tracker.page()
  commands.filter((command) => !isChoice(command)).forEach(run)

  if (options.spa) {
    watchAddress((from) => {
      scene.arrive(from)
      tracker.page()
    })
  }
  if (options.forms) watchForms(tracker)
  addEventListener('pagehide', queue.leave)
  addEventListener('pageshow', (shown) => {
    if (shown.persisted) tracker.page()
  })
  // Hidden: it may never be seen again. Visible: what could not be sent may go now.
  document.addEventListener('visibilitychange', queue.flush)
}
