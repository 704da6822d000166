// Two pieces of work side by side, of which neither goes on for long once the other has failed.

/** Both pieces of work at once; where one fails the other stops at its next step, and the failure is thrown. */
export async function together<A, B>(
  halt: { now: boolean },
  [first, second]: [() => Promise<A>, () => Promise<B>],
): Promise<[A, B]> {
  const stopping = (error: unknown) => {
    halt.now = true
    throw error
  }
  const [a, b] = await Promise.allSettled([first().catch(stopping), second().catch(stopping)])
  if (a.status === 'rejected') throw a.reason
  if (b.status === 'rejected') throw b.reason
  return [a.value, b.value]
}
