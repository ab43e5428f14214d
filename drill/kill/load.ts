import { setTimeout as pause } from 'node:timers/promises'
import { createTarget } from '../../test/e2e/server-process.ts'
import type { Lives } from './lives.ts'

export const TARGETS = 8
const POSTERS = 3
const POST_EVERY_MS = 60
/** Each type has its rule: `open` by webhook, `loud` by mail as well, `light` is below what its rule looks at. */
const TYPES = ['open', 'open', 'open', 'loud', 'light'] as const
export type PostedType = (typeof TYPES)[number]

export type Targets = Awaited<ReturnType<typeof openTargets>>
export const openTargets = async () => {
  const all = await Promise.all(Array.from({ length: TARGETS }, createTarget))
  const up = all.map(() => true)
  return {
    ports: all.map(({ port }) => port()),
    isUp: (index: number) => up[index]!,
    flip: async (index: number) => {
      await (up[index] ? all[index]!.down() : all[index]!.up())
      up[index] = !up[index]
    },
    close: () => Promise.all(all.map((one) => one.down())),
  }
}

/** Clients that post events, and targets that fall and come back, until `stop`. */
export const startLoad = (lives: Pick<Lives, 'ask'>, targets: Targets) => {
  /** Subjects of acknowledged events, by what was posted. */
  const acknowledged = new Map<string, PostedType>()
  const answers: Record<number, number> = {}
  let running = true
  let changes = 0

  const send = async (subjects: readonly string[], type: PostedType, key: string | undefined) => {
    const { status } = await lives.ask('/api/v1/events', {
      method: 'POST',
      body: JSON.stringify(subjects.map((subject) => ({ type, subject, severity: type === 'light' ? 'LOW' : 'HIGH' }))),
      headers: key === undefined ? {} : { 'idempotency-key': key },
    })
    answers[status] = (answers[status] ?? 0) + 1
    if (status === 202) for (const subject of subjects) acknowledged.set(subject, type)
    return status
  }
  /** With a key it is sent until the answer has come, as a careful client does. */
  const post = async (poster: number) => {
    for (let index = 0; running; index++) {
      const type = TYPES[index % TYPES.length]!
      const count = index % 7 === 0 ? 5 : 1
      const subjects = Array.from({ length: count }, (_, part) => `event-${poster}-${index}-${part}`)
      const key = poster === 0 ? undefined : `key-${poster}-${index}`
      while ((await send(subjects, type, key)) !== 202 && key !== undefined && running) await pause(POST_EVERY_MS)
      await pause(POST_EVERY_MS * (0.5 + Math.random()))
    }
  }
  const flip = async (index: number) => {
    while (running) {
      await pause(600 + Math.random() * 5000)
      if (!running) return
      await targets.flip(index)
      changes++
    }
  }
  const work = [
    ...Array.from({ length: POSTERS }, (_, poster) => post(poster)),
    ...targets.ports.map((_, index) => flip(index)),
  ]
  return {
    acknowledged: acknowledged as ReadonlyMap<string, PostedType>,
    typeOf: (subject: string): PostedType => TYPES[Number(subject.split('-')[2]) % TYPES.length]!,
    answers: answers as Readonly<Record<number, number>>,
    changes: () => changes,
    stop: async () => {
      running = false
      await Promise.all(work)
    },
  }
}

export type Load = ReturnType<typeof startLoad>

/** What the server under this load is told to do. */
export const loadConfig = (ports: readonly number[], hookUrl: string, smtpPort: number) => ({
  defaults: {
    interval: '300ms',
    timeout: '150ms',
    failures: 2,
    retry_interval: '100ms',
    successes: 1,
    recovery_interval: '100ms',
    flapping: false,
    channels: ['hook', 'noc'],
  },
  channels: [
    { name: 'hook', type: 'webhook', options: { url: hookUrl } },
    ...['noc', 'soc'].map((name) => ({
      name,
      type: 'email',
      language: 'en',
      options: {
        to: [`${name}@isp.example`],
        from: 'vigia@isp.example',
        smtp: { host: '127.0.0.1', port: smtpPort, security: 'none' },
      },
    })),
  ],
  rules: [
    { name: 'open', type: 'open', channels: ['hook'], cooldown: '0' },
    { name: 'loud', type: 'loud', channels: ['hook', 'soc'], cooldown: '0' },
    { name: 'light', type: 'light', severity: 'HIGH', channels: ['hook'], cooldown: '0' },
  ],
  monitors: ports.map((port, index) => ({
    name: `target-${index}`,
    type: 'tcp',
    options: { host: '127.0.0.1', port },
  })),
})
