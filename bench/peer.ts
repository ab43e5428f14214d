import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Row } from './row.ts'

/** True when a program can be started here. */
export const isInstalled = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** CPU seconds, user and system, that a shell command and its children took; its output is thrown away. */
export const cpuOfCommand = (command: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const shell = spawn('sh', ['-c', `{ ${command}; } >/dev/null 2>&1; times`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    shell.stdout.on('data', (part) => {
      output += part
    })
    shell.once('error', reject)
    shell.once('exit', () => {
      // The second line is of the children: `0m0.123456s 0m0.234567s`.
      const [user, system] = [...(output.trim().split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
        ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
      )
      if (user === undefined || system === undefined) reject(new Error(`the shell told no times: ${output}`))
      else resolve(user + system)
    })
  })

const TICKS_PER_SECOND = 100

/** CPU seconds of a running process so far. */
const cpuOfProcess = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** CPU seconds of this process for some work. */
export const cpuOfOurs = async (work: () => Promise<void>): Promise<number> => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

export interface Blackbox {
  /** CPU seconds of the exporter for `count` probes, 32 at a time. */
  measure(query: string, count: number): Promise<number>
  stop(): Promise<void>
}

const AT_ONCE = 32

/** Starts prometheus-blackbox-exporter with its own modules on one processor; undefined when it is not installed. */
export const startBlackbox = async (port: number, configFile: string): Promise<Blackbox | undefined> => {
  if (!isInstalled('prometheus-blackbox-exporter')) return undefined
  const child: ChildProcess = spawn(
    'prometheus-blackbox-exporter',
    [`--config.file=${configFile}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
    { stdio: 'ignore', env: { ...process.env, GOMAXPROCS: '1' } },
  )
  const url = `http://127.0.0.1:${port}`
  let answers = false
  for (let attempt = 0; attempt < 200 && !answers && child.exitCode === null; attempt++) {
    await new Promise((later) => setTimeout(later, 25))
    answers = await fetch(`${url}/-/healthy`).then(
      ({ ok }) => ok,
      () => false,
    )
  }
  if (!answers) throw new Error('prometheus-blackbox-exporter did not start')
  return {
    measure: async (query, count) => {
      const before = cpuOfProcess(child.pid!)
      let left = count
      const work = async () => {
        while (left-- > 0) await (await fetch(`${url}/probe?${query}`)).text()
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      return cpuOfProcess(child.pid!) - before
    },
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** A row that says that its peer is not here. */
export const skipped = (name: string, what: string, peer: string): Row => ({
  name,
  what: `${what}: ${peer} is not installed`,
  unit: '',
  ours: null,
  peer: null,
  peer_name: peer,
  ratio: null,
  target: '-',
  holds: null,
})

/** A row whose target is an upper bound on the ratio to a peer. */
export const atMostOf = (
  row: Omit<Row, 'target' | 'holds' | 'ratio'> & { readonly ours: number; readonly peer: number },
  bound: number,
): Row => {
  const ratio = row.ours / row.peer
  return { ...row, ratio, target: `<= ${bound} of peer`, holds: ratio <= bound }
}
