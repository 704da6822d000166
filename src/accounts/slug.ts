// Slugs of workspaces: short, readable, unique, and never one that a test twin could want.

/** The slug that a name asks for: `Café Élan & Co` becomes `cafe-elan-co`. */
export function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '')
  return slug === '' ? 'workspace' : slug
}

/** The first of `base`, `base-2`, `base-3`, ... that is free together with its test twin's. */
export function freeSlug(base: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const slug = number === 1 ? base : `${base}-${number}`
    if (!slug.endsWith('-test') && !taken.has(slug) && !taken.has(`${slug}-test`)) return slug
  }
}
