import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

/** CPU seconds of a process so far, user and system, all threads or the one named. */
export const cpuSecondsOf = (pid: number, thread?: number): number => {
  const stat = readFileSync(thread === undefined ? `/proc/${pid}/stat` : `/proc/${pid}/task/${thread}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Seconds for which the main thread was ready to run and the core was given to others. */
export const coreWaitSecondsOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e9

export const residentMbOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    (response) => response.ok,
    () => false,
  )

/** Starts a program on core 0 and waits until `url` answers. Throws when it does not within a minute. */
export const startOnCore = async (command: readonly string[], url: string): Promise<ChildProcess> => {
  const child = spawn('taskset', ['-c', '0', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LOG_LEVEL: 'error' },
  })
  let complaints = ''
  child.stderr!.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-2000)
  })
  for (let attempt = 0; attempt < 6000 && child.exitCode === null; attempt++) {
    if (await answers(url)) return child
    await new Promise((later) => setTimeout(later, 10))
  }
  child.kill('SIGKILL')
  throw new Error(`${command[0]} did not start: ${complaints}`)
}

/** Sends a signal and waits for the end. */
export const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}
