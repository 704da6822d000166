// A channel by name, with the colour that it has in every chart.
import { words } from './format.ts'
import classes from './channel-badge.module.css'

/** Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), told apart with any colour vision; grey for the rest. */
const colours: [RegExp, string][] = [
  [/paid.?search|shopping/i, '#0072b2'],
  [/organic.?search/i, '#009e73'],
  [/paid.?social/i, '#d55e00'],
  [/social/i, '#e69f00'],
  [/e-?mail|sms|push/i, '#cc79a7'],
  [/referral|affiliate/i, '#56b4e9'],
  [/\bai\b/i, '#7a63c6'],
  [/display|video|audio|cross/i, '#a58a00'],
]

export function channelColour(channel: string): string {
  return colours.find(([pattern]) => pattern.test(channel))?.[1] ?? '#8a909b'
}

export function ChannelBadge({ channel }: { channel: string }) {
  if (channel === '') return <span className={classes.none}>–</span>
  return (
    <span className={classes.root}>
      <span className={classes.dot} style={{ background: channelColour(channel) }} aria-hidden />
      {words(channel)}
    </span>
  )
}
