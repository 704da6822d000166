#!/usr/bin/env node
// The command `throughline`: makes sure that packages and build are there and fresh, then hands over to the command line.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './freshness.mjs'
import { prepare } from './prepare.mjs'

await prepare()
await import(pathToFileURL(join(root, 'dist', 'cli.js')).href)
