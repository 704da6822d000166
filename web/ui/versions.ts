// What is said of the version of rules or settings that a workspace goes by.

/** `Version 3 is in force`; version 0 are the defaults. */
export function inForceWords(version: number): string {
  return version === 0 ? 'The defaults are in force' : `Version ${version} is in force`
}
