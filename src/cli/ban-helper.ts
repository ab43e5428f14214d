import { createFail2banClient } from '#sources/fail2ban/client.ts'
import { answerHelper, helperLine } from '#sources/fail2ban/helper-answer.ts'
import type { AddCommand } from './command.ts'

/** A line longer than any question need not be read to its end. */
const LONGEST_READ = 4096

const readLine = async (): Promise<string> => {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const part of process.stdin) {
    text += part as string
    if (text.includes('\n') || text.length > LONGEST_READ) break
  }
  return text.split('\n', 1)[0]!
}

/** What systemd starts for each connection to the helper's socket: one question on stdin, one answer on stdout. */
export const addBanHelper: AddCommand = (program) => {
  program
    .command('ban-helper')
    .description('answer one question about bans on stdin, for a server that may not ask fail2ban itself')
    .action(async () => {
      const answer = await answerHelper(await readLine(), createFail2banClient())
      process.stdout.write(`${helperLine(answer)}\n`)
    })
}
