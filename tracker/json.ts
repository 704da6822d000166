// Reads JSON that anybody may have written over.

/** The parsed value, or undefined for nothing or nonsense. The type is the writer's word for it. */
export function parseJson<T>(text: string | undefined): T | undefined {
  try {
    return text ? (JSON.parse(text) as T) : undefined
  } catch {
    return undefined
  }
}
