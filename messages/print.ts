import { parseArgs } from 'node:util'
import type { Language } from '#core/message/message.ts'
import { TEXT_SETS } from '#core/message/text-set.ts'
import { renderMessage } from '#templates/render.ts'
import { withTextSet } from '#templates/text-sets/index.ts'
import { createSender, PRINTED } from './as-sent.ts'
import { type MessageCase, TIME_ZONE } from './case.ts'
import { messageCases } from './cases/index.ts'

// Prints every message that people get, in both languages side by side, as each channel type sends it.
// npm run messages -- --channel email --case "port scan" --width 90
// npm run messages -- --texts bash --channel email: in the words of an older tool

const { values } = parseArgs({
  options: {
    channel: { type: 'string', multiple: true, default: [...PRINTED] },
    case: { type: 'string', default: '' },
    texts: { type: 'string' },
    width: { type: 'string', default: '88' },
  },
})
const width = Number(values.width)
const textSet = TEXT_SETS.find((name) => name === values.texts)

const characters = new Intl.Segmenter('es', { granularity: 'grapheme' })
const lengthOf = (text: string): number => [...characters.segment(text)].length

/** A line in pieces that fit a column, broken between words where there are any. */
const wrapped = (line: string): readonly string[] => {
  const pieces: string[] = []
  let rest = line
  while (lengthOf(rest) > width) {
    const room = [...characters.segment(rest)]
      .slice(0, width)
      .map(({ segment }) => segment)
      .join('')
    const at = room.lastIndexOf(' ') > width / 2 ? room.lastIndexOf(' ') + 1 : room.length
    pieces.push(rest.slice(0, at))
    rest = `  ${rest.slice(at)}`
  }
  return [...pieces, rest]
}

const padded = (text: string): string => text + ' '.repeat(Math.max(0, width - lengthOf(text)))

const sideBySide = (left: readonly string[], right: readonly string[]): void => {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one, other] = [wrapped(left[index] ?? ''), wrapped(right[index] ?? '')]
    for (let row = 0; row < Math.max(one.length, other.length); row++)
      console.log(`${padded(one[row] ?? '')} | ${other[row] ?? ''}`.trimEnd())
  }
}

const rendered = ({ message, now, open }: MessageCase, language: Language) =>
  withTextSet(
    renderMessage(message, { language, timeZone: TIME_ZONE, now, ...(open && { ackToken: () => '1247.Jx0cQ2uT' }) }),
    textSet,
    { now },
  )

const sender = await createSender()
for (const one of messageCases) {
  if (!one.name.includes(values.case)) continue
  console.log(`\n=== ${one.name} (${one.message.reason}, ${one.message.severity})`)
  const english = await sender.send(rendered(one, 'en'))
  const spanish = await sender.send(rendered(one, 'es'))
  for (const [index, { channel, lines }] of english.entries()) {
    if (!values.channel.includes(channel)) continue
    console.log(`--- ${channel}`)
    sideBySide(lines, spanish[index]!.lines)
  }
}
await sender.close()
