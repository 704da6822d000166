// Which workspace was open last in this browser.

const key = 'throughline-workspace'

/** Its slug, or null where none was opened here yet. */
export function lastWorkspace(): string | null {
  return localStorage.getItem(key)
}

export function rememberWorkspace(slug: string): void {
  localStorage.setItem(key, slug)
}
