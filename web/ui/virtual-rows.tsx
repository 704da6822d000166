// A long list of parts of any height that draws only those in sight, in the page's scroll or in an element's.
import { useVirtualizer, useWindowVirtualizer } from '@tanstack/react-virtual'
import type { Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ReactNode, RefObject } from 'react'

interface VirtualRowsProps<Item> {
  items: readonly Item[]
  keyOf: (item: Item) => string
  /** px, a guess that is corrected once an item is drawn */
  heightOf: (item: Item) => number
  draw: (item: Item) => ReactNode
  /** what the list scrolls in; the page unless told */
  scroller?: RefObject<HTMLElement | null>
  onEnd?: () => void
}

export function VirtualRows<Item>(props: VirtualRowsProps<Item>) {
  return props.scroller ? <InElement {...props} scroller={props.scroller} /> : <InPage {...props} />
}

function InElement<Item>(props: VirtualRowsProps<Item> & { scroller: RefObject<HTMLElement | null> }) {
  const { list, margin } = useMargin(props.scroller)
  const virtual = useVirtualizer<HTMLElement, HTMLElement>({
    ...settings(props),
    getScrollElement: () => props.scroller.current,
    scrollMargin: margin,
  })
  return <Rows {...props} list={list} margin={margin} virtual={virtual} />
}

function InPage<Item>(props: VirtualRowsProps<Item>) {
  const { list, margin } = useMargin()
  const virtual = useWindowVirtualizer<HTMLElement>({ ...settings(props), scrollMargin: margin })
  return <Rows {...props} list={list} margin={margin} virtual={virtual} />
}

interface RowsProps<Item, Scroller extends Element | Window> extends VirtualRowsProps<Item> {
  list: RefObject<HTMLDivElement | null>
  margin: number
  virtual: Virtualizer<Scroller, HTMLElement>
}

function Rows<Item, Scroller extends Element | Window>(props: RowsProps<Item, Scroller>) {
  const { items, draw, onEnd, list, margin, virtual } = props
  const drawn = virtual.getVirtualItems()
  const lastIndex = drawn.at(-1)?.index ?? -1
  const nearEnd = items.length > 0 && lastIndex >= items.length - 10
  useEffect(() => {
    if (nearEnd) onEnd?.()
  }, [nearEnd, onEnd])
  return (
    <div ref={list} style={{ position: 'relative', height: virtual.getTotalSize() }}>
      {drawn.map(({ key, index, start }) => {
        const item = items[index]
        return item === undefined ? null : (
          <div
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            style={{ position: 'absolute', top: 0, left: 0, right: 0, translate: `0 ${start - margin}px` }}
          >
            {draw(item)}
          </div>
        )
      })}
    </div>
  )
}

function settings<Item>({ items, keyOf, heightOf }: VirtualRowsProps<Item>) {
  return {
    count: items.length,
    estimateSize: (index: number) => {
      const item = items[index]
      return item === undefined ? 0 : heightOf(item)
    },
    getItemKey: (index: number) => {
      const item = items[index]
      return item === undefined ? index : keyOf(item)
    },
    overscan: 8,
  }
}

// Px between the top of what scrolls and the top of the list; looked at again whenever something above may have grown.
function useMargin(scroller?: RefObject<HTMLElement | null>) {
  const list = useRef<HTMLDivElement>(null)
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const measure = () => {
      if (!list.current) return
      const top = list.current.getBoundingClientRect().top
      const element = scroller?.current
      const found = element
        ? top - element.getBoundingClientRect().top + element.scrollTop
        : top + window.scrollY
      setMargin(Math.round(found))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(list.current?.parentElement ?? document.body)
    observer.observe(scroller?.current?.firstElementChild ?? document.body)
    return () => observer.disconnect()
  }, [scroller])
  return { list, margin }
}
