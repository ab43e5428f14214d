import { createFlowJudge } from '#detectors/flow/detect-flows.ts'
import { reasonsOf } from '#detectors/flow/flow-reasons.ts'
import { createIsIgnored } from '#detectors/networks.ts'
import { readLabelled } from '#sources/zeek/labelled.ts'
import { inEnglish } from '#templates/said.ts'
import { findCaptures } from './captures.ts'
import { TOLD } from './learn.ts'
import { modelOption } from './model-option.ts'

export interface ScoreOptions {
  readonly model?: string
  readonly hosts?: boolean
  readonly all?: boolean
  readonly json?: boolean
}

const MOST_HOSTS = 200_000

interface HostScore {
  connections: number
  suspicious: number
  highest: number
}

const write = (line: string): void => void process.stdout.write(`${line}\n`)

/** Scores stored connections, each with what was known when it was seen, and prints them: each line, or each host. */
export const score = async (paths: readonly string[], options: ScoreOptions): Promise<void> => {
  const model = modelOption(options.model)
  const isIgnored = createIsIgnored()
  const hosts = new Map<string, HostScore>()
  for (const { files } of await findCaptures(paths)) {
    const { judge, row } = createFlowJudge(model)
    for (const path of files)
      for await (const batch of readLabelled(path).batches)
        for (const { conn, line, label } of batch) {
          const left = isIgnored(conn.serverIp) || isIgnored(conn.clientIp)
          const confidence = left ? 0 : judge(conn)
          const suspicious = confidence >= TOLD
          if (options.hosts === true) {
            const host = hosts.get(conn.clientIp) ?? { connections: 0, suspicious: 0, highest: 0 }
            host.connections++
            host.highest = Math.max(host.highest, confidence)
            if (suspicious) host.suspicious++
            if (hosts.size < MOST_HOSTS) hosts.set(conn.clientIp, host)
            continue
          }
          const reasons = suspicious ? reasonsOf(model.forest, row) : []
          if (options.json === true)
            write(
              JSON.stringify({
                file: path,
                line,
                uid: conn.uid ?? null,
                at: new Date(conn.timeMs).toISOString(),
                ip: conn.clientIp,
                dest_ip: conn.serverIp,
                dest_port: conn.serverPort,
                protocol: conn.proto,
                confidence: Math.trunc(confidence * 100),
                ml_confidence: Math.round(confidence * 1e4) / 1e4,
                suspicious,
                ...(label && { label }),
                ...(suspicious && { reason: reasons.map(inEnglish).join('; ') }),
              }),
            )
          else if (suspicious || options.all === true)
            write(
              `${path}:${line}  ${conn.clientIp} -> ${conn.serverIp}:${conn.serverPort}/${conn.proto}  ${Math.trunc(confidence * 100)} %  ${reasons.map(inEnglish).join('; ')}`,
            )
        }
  }
  for (const [ip, { connections, suspicious, highest }] of [...hosts].toSorted(
    (a, b) => b[1].suspicious - a[1].suspicious,
  ))
    if (options.json === true)
      write(JSON.stringify({ ip, connections, suspicious, highest: Math.round(highest * 1e4) / 1e4 }))
    else write(`${ip}  ${suspicious} of ${connections} connections suspicious, highest ${Math.trunc(highest * 100)} %`)
}
