import type { ChannelEntry } from '#config/channel-schema.ts'
import type { MonitorEntry } from '#config/monitor-schema.ts'
import { because } from '#core/cause/cause.ts'
import type { Found, ImportPlan, Left } from './import-plan.ts'
import { defineImporter } from './importer.ts'
import { createNames } from './names.ts'
import type { Source, SourceFile } from './source.ts'
import { shortened } from './text/lines.ts'
import { readPythonValues } from './text/python-values.ts'
import { rowsOf } from './text/rows-of.ts'

const TOOL = 'Connection-Tester'
const CHANNEL = 'mail'
const BESIDE = ['server_info.csv', 'creds.csv', 'email_recipients.csv']
const HOST = /^[\p{L}\p{N}_.:%-]+$/u

const isHosts = (file: SourceFile): boolean => /(?:^|\/)hosts\.csv$/i.test(file.name)

/** The first row of one of its files. */
const firstRow = (file: SourceFile | undefined): readonly string[] => (file ? (rowsOf(file)[0]?.cells ?? []) : [])

/** The mails that it sends, from three files. */
const mailOf = (source: Source, hosts: SourceFile): { channel?: Found<ChannelEntry>; left: Left[] } => {
  const [server, creds, recipients] = BESIDE.map((name) => source.file(name, hosts))
  if (!recipients) return { left: [] }
  const place = { file: recipients.name, line: 1 }
  const cells = rowsOf(recipients).flatMap(({ cells, line }) => cells.map((text) => ({ text, line })))
  const isAddress = ({ text }: { text: string }) => /^[^\s@]+@[^\s@]+$/.test(text)
  const left = cells
    .filter((cell) => cell.text !== '' && !isAddress(cell))
    .map(({ text, line }) => ({
      what: shortened(text),
      place: { file: recipients.name, line },
      why: because('import_line_unread', { text: shortened(text) }),
    }))
  const to = [...new Set(cells.filter(isAddress).map(({ text }) => text))]
  if (to.length === 0)
    return { left: [...left, { what: CHANNEL, place, why: because('import_secret_missing', { field: 'to' }) }] }
  const [host, port] = firstRow(server)
  const [user, password] = firstRow(creds)
  const smtp = {
    ...(host && { host }),
    ...(Number(port) > 0 && Number(port) < 65_536 && { port: Number(port) }),
    ...(user && { user }),
    ...(password && { password }),
  }
  const notes = password ? [] : [because('import_secret_missing', { field: 'smtp.password' })]
  return { channel: { place, notes, entry: { name: CHANNEL, type: 'email', options: { to, smtp } } }, left }
}

const read = (source: Source, hosts: SourceFile): ImportPlan => {
  const { channel, left } = mailOf(source, hosts)
  const program = source.file('main.py', hosts)
  const every = program && readPythonValues(program.text()).get('periodicInterval')?.value
  const nameOf = createNames()
  const monitors: Found<MonitorEntry>[] = []
  for (const { line, cells } of rowsOf(hosts)) {
    const [host = '', description = '', location = ''] = cells
    const place = { file: hosts.name, line }
    // Later versions take a row for a remark by a sign anywhere in its first cell.
    if (host.includes('#')) continue
    if (!HOST.test(host)) {
      left.push({
        what: shortened(host),
        place,
        why: because('import_line_unread', { text: shortened(cells.join(',')) }),
      })
      continue
    }
    const { name, notes } = nameOf(description || host, host)
    monitors.push({
      key: host,
      place,
      notes,
      entry: {
        name,
        type: 'icmp',
        options: { host, packets: 1 },
        preset: 'connection_tester',
        ...(typeof every === 'number' && every >= 2 && { interval: `${every}s`, recovery_interval: `${every}s` }),
        ...(description && { description }),
        ...(location && { location }),
        channels: channel ? [CHANNEL] : [],
      },
    })
  }
  return { kind: 'csv-tester', tool: TOOL, channels: channel ? [channel] : [], monitors, left }
}

/** The ping tester: `hosts.csv` and the three files beside it. */
export const csvTester = defineImporter({
  kind: 'csv-tester',
  title: 'ping tester (hosts.csv)',
  recognises: (file, source) =>
    isHosts(file) &&
    (BESIDE.some((name) => source.file(name, file) !== undefined) ||
      /^[^,;\n]+[,;][^\n]*[,;] *0 *$/m.test(file.headText())),
  read,
})
