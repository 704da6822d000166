// What a command prints: results on stdout, in words or as JSON; progress and remarks on stderr.
import { SingleBar } from 'cli-progress'
import { Refusal } from '../lib/refusal.ts'
import type { z } from 'zod'

/** A remark for the person at the terminal. */
export function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

/** The result: as one line of JSON where a program asked for it, else in words. */
export function tell(asJson: boolean | undefined, result: unknown, words: string): void {
  process.stdout.write(`${asJson ? JSON.stringify(result) : words}\n`)
}

export interface Progress {
  update(done: number, total: number): void
  end(): void
}

/** Shows how far work is: a bar on a terminal, else a line at each tenth, or every ten seconds while the whole is unknown. */
export function showProgress(noun: string): Progress {
  return process.stderr.isTTY ? bar(noun) : lines(noun)
}

/** Reads what stands in options or a file by a schema; refuses with a sentence that names the field. */
export function readAs<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  throw new Refusal(
    'input_invalid',
    400,
    `${what}${field === '' ? '' : `, ${field}`}: ${issue?.message ?? 'cannot be used'}.`,
  )
}

/** 12345 as 12,345. */
export function count(number: number): string {
  return number.toLocaleString('en-US')
}

function bar(noun: string): Progress {
  const drawn = new SingleBar({
    stream: process.stderr,
    format: `{bar} {percentage}% of {total} ${noun}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  })
  let isDrawn = false
  return {
    update(done, total) {
      if (!isDrawn) drawn.start(total, done)
      isDrawn = true
      drawn.setTotal(total)
      drawn.update(done)
    },
    end: () => drawn.stop(),
  }
}

function lines(noun: string): Progress {
  let lastTenth = 0
  return {
    update(done, total) {
      const tenth = total > 0 ? Math.floor((done / total) * 10) : 0
      if (tenth <= lastTenth) return
      lastTenth = tenth
      say(`${count(done)} of ${count(total)} ${noun}`)
    },
    end: () => undefined,
  }
}
