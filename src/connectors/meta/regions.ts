// States of the United States and provinces of Canada by name, as the two letters that Meta takes. Pure.

/**
 * The code of a state or province; of any other region the first two letters, which is what Meta's own library makes of it.
 * Where the country is known to have no such codes, `otherRegion` is asked instead.
 */
export function regionCode(text: string): string {
  const letters = text.toLowerCase().replaceAll(/[^a-z]/g, '')
  const exact = CODES.get(letters)
  if (exact) return exact
  const named = NAMES.find((name) => letters.includes(name))
  return (named && CODES.get(named)) ?? letters.slice(0, 2)
}

/** A region outside the United States and Canada: its letters, without marks and spaces. */
export function otherRegion(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

const CODES = new Map(
  (
    'alabama al alaska ak arizona az arkansas ar california ca colorado co connecticut ct delaware de florida fl georgia ga ' +
    'hawaii hi idaho id illinois il indiana in iowa ia kansas ks kentucky ky louisiana la maine me maryland md ' +
    'massachusetts ma michigan mi minnesota mn mississippi ms missouri mo montana mt nebraska ne nevada nv newhampshire nh ' +
    'newjersey nj newmexico nm newyork ny northcarolina nc northdakota nd ohio oh oklahoma ok oregon or pennsylvania pa ' +
    'rhodeisland ri southcarolina sc southdakota sd tennessee tn texas tx utah ut vermont vt virginia va washington wa ' +
    'westvirginia wv wisconsin wi wyoming wy districtofcolumbia dc alberta ab britishcolumbia bc manitoba mb newbrunswick nb ' +
    'newfoundlandandlabrador nl northwestterritories nt novascotia ns nunavut nu ontario on princeedwardisland pe quebec qc ' +
    'saskatchewan sk yukon yt'
  )
    .match(/\w+ \w+/g)!
    .map((pair) => pair.split(' ') as [string, string]),
)
/** The longest first, so that West Virginia is not Virginia. */
const NAMES = [...CODES.keys()].sort((a, b) => b.length - a.length)
