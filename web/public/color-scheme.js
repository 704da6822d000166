// Sets the colour scheme before the first paint, so that a dark page never flashes white; a file because the policy allows no inline script.
;(function () {
  var chosen = null
  try {
    chosen = localStorage.getItem('throughline-color-scheme')
  } catch {
    // Storage may be forbidden; the system's scheme is then used.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
