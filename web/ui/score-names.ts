// Temperatures as words. Pure.
export const temperatureNames: Record<string, string> = {
  hot: 'Hot',
  warm: 'Warm',
  cold: 'Cold',
  do_not_contact: 'Do not contact',
}
