// E-mail addresses in texts that leave.
import { expect, test } from 'vitest'
import { withoutEmails } from './address-in-text.ts'

test.each([
  ['https://shop.example/thanks?order=7&utm_source=a', 'https://shop.example/thanks?order=7&utm_source=a'],
  ['https://shop.example/thanks?email=jane.doe@shop.example&order=7', 'https://shop.example/thanks?order=7'],
  ['https://shop.example/thanks?e=jane%40shop.example', 'https://shop.example/thanks'],
  ['https://shop.example/?next=%2Fa%3Femail%3Djane%2540shop.example&x=1', 'https://shop.example/?x=1'],
  ['https://shop.example/?q=%7B%22email%22%3A%22jane%40shop.example%22%7D', 'https://shop.example/'],
  ['https://shop.example/u/jane@shop.example/orders?x=1', 'https://shop.example/u/-/orders?x=1'],
  ['https://shop.example/#/u/jane@shop.example', 'https://shop.example/#/u/-'],
  ['/thanks?email=jane@shop.example#top', '/thanks#top'],
  ['Welcome back, jane.doe+tea@shop.example!', 'Welcome back, -!'],
  ['https://social.example/@jane', 'https://social.example/@jane'],
  ['5 @ 3.50', '5 @ 3.50'],
])('%s leaves as %s', (text, left) => {
  expect(withoutEmails(text)).toBe(left)
})
