// Two letters in the place of a vendor's logo.
import classes from './integrations.module.css'

export function Initials({ letters }: { letters: string }) {
  return (
    <span className={classes.initials} aria-hidden>
      {letters}
    </span>
  )
}
