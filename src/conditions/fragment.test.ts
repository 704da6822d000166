// Guarantees of SQL put together from pieces: values never become text.
import { expect, test } from 'vitest'
import { chSql, joinedBy, param, written } from './fragment.ts'

test('every value is a parameter, named with the prefix, and the same value is sent once', () => {
  const hostile = "x' or 1 = 1 --"
  const asked = joinedBy('or', [
    chSql`name = ${param('String', hostile)}`,
    chSql`(${joinedBy('and', [chSql`count > ${param('Float64', 3)}`, chSql`owner = ${param('String', hostile)}`])})`,
  ])
  expect(written(asked, 'f')).toEqual({
    text: 'name = {f0:String} or (count > {f1:Float64} and owner = {f0:String})',
    params: { f0: hostile, f1: 3 },
  })
})
