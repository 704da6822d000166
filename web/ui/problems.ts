// Puts what the server refused about single fields next to those fields.
import type { Problem } from '../call.ts'

/**
 * The sentences by field of a `request_invalid` problem, for `form.setErrors`; empty for any other problem.
 * @param names fields of the form; `settings.ownDomains.0` is shown at `ownDomains`
 */
export function fieldErrors(problem: Problem, names: readonly string[]): Record<string, string> {
  const { problems } = problem.details
  if (!Array.isArray(problems)) return {}
  const errors: Record<string, string> = {}
  for (const { field, problem: sentence } of problems as { field: string; problem: string }[]) {
    const name = field.split('.').find((part) => names.includes(part))
    if (name) errors[name] ??= /^[a-z]/.test(sentence) ? `This ${sentence}.` : `${sentence}.`
  }
  return errors
}
