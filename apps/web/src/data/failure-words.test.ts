import { expect, it } from 'vitest'
import { AnswerNotUnderstood, ServerUnreachable } from './api-failure.ts'
import { failureWords } from './failure-words.ts'

it.each([
  ['no answer', new ServerUnreachable('gone'), 'The server cannot be reached.', /may be restarting/],
  ['a strange answer', new AnswerNotUnderstood('/vms', 'no items'), 'This did not work', /Reload the page/],
  [
    'a refusal in words',
    new Error('Something went wrong in the server.'),
    'This did not work',
    /in the server/,
  ],
])('says what is known of %s', (_what, error, title, text) => {
  const words = failureWords(error)
  expect(words.title).toBe(title)
  expect(words.text).toMatch(text)
})
