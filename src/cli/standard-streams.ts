/** What the shell says of a program that a closed pipe ended: 128 and the number of SIGPIPE. */
const READER_GONE = 141

/**
 * Nobody reads on (`vigia check … | head -1`): the command ends without a word, as others do. What it had to say and could
 * not is said on stderr, whose own end is nobody's business.
 */
export const hearStandardStreams = (): void => {
  process.stderr.on('error', () => {})
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(READER_GONE)
    process.stderr.write(`vigia: the output cannot be written (${error.code ?? error.message})\n`)
    process.exit(1)
  })
}
