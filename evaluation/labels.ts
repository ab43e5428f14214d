import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { findLogs } from '#sources/find-logs.ts'

/** What the labels of a capture say about the machines that began its connections. */
export interface Labels {
  readonly malicious: ReadonlySet<string>
  /** Machines that began labelled connections, none of them malicious. */
  readonly benign: ReadonlySet<string>
}

const LABEL_GAP = /\s{3,}|\t/

const textOf = (path: string): string => {
  const bytes = readFileSync(path)
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('latin1')
}

/** Reads the label columns of TSV connection logs, which stand behind tabs or behind three spaces. */
export const readLabels = async (folder: string): Promise<Labels | undefined> => {
  const malicious = new Set<string>()
  const seen = new Set<string>()
  for (const { path } of (await findLogs([folder])).files) {
    let columns: string[] = []
    for (const line of textOf(path).split('\n')) {
      if (line.startsWith('#fields')) columns = line.split(LABEL_GAP).slice(1)
      else if (line.startsWith('ts\tuid\tid.orig_h')) columns = line.split('\t')
      const client = columns.indexOf('id.orig_h')
      const label = columns.indexOf('label')
      if (line.startsWith('#') || label < 0 || client < 0 || !columns.includes('conn_state')) continue
      const values = line.split(columns.length > 20 && !line.includes('   ') ? '\t' : LABEL_GAP)
      const ip = values[client]
      if (ip === undefined) continue
      if (/^malicious/i.test(values[label] ?? '')) malicious.add(ip)
      else if (/^benign/i.test(values[label] ?? '')) seen.add(ip)
    }
  }
  return malicious.size + seen.size === 0 ? undefined : { malicious, benign: seen.difference(malicious) }
}
