import { lookup } from 'node:dns'
import { createInterface } from 'node:readline'

// A process of its own: the system's resolver may hang in it for as long as it likes. One question a line in, one answer
// a line out; it ends with whoever started it.

interface Question {
  readonly id: number
  readonly host: string
  readonly family: 0 | 4 | 6
}

const answer = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`)

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, host, family } = JSON.parse(line) as Question
    lookup(host, { family, all: true, order: 'verbatim' }, (error, found) =>
      answer(error ? { id, code: error.code ?? 'UNKNOWN' } : { id, addresses: found.map(({ address }) => address) }),
    )
  })
  .on('error', () => process.exit())
  .on('close', () => process.exit())
process.stdout.on('error', () => process.exit())
