// Whether an address lies in a list of addresses and CIDR ranges.
import { BlockList, isIP } from 'node:net'
import { LRUCache } from 'lru-cache'

/** True where `address` is one of `list` or in one of its ranges (`203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`). */
export function addressIn(address: string, list: readonly string[]): boolean {
  if (list.length === 0) return false
  const key = list.join(',')
  let ranges = parsed.get(key)
  if (!ranges) {
    ranges = parse(list)
    parsed.set(key, ranges)
  }
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address
  const version = isIP(plain)
  return version !== 0 && ranges.check(plain, version === 4 ? 'ipv4' : 'ipv6')
}

const parsed = new LRUCache<string, BlockList>({ max: 500 })

function parse(list: readonly string[]): BlockList {
  const ranges = new BlockList()
  for (const entry of list) {
    const [network, prefix] = entry.trim().split('/')
    const version = isIP(network ?? '')
    if (!network || version === 0) continue
    const type = version === 4 ? 'ipv4' : 'ipv6'
    const bits = Number(prefix)
    if (prefix === undefined) ranges.addAddress(network, type)
    else if (Number.isInteger(bits) && bits >= 0 && bits <= (version === 4 ? 32 : 128))
      ranges.addSubnet(network, bits, type)
  }
  return ranges
}
