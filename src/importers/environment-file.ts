import { because } from '#core/cause/cause.ts'
import type { ImportPlan, Left } from './import-plan.ts'
import { defineImporter } from './importer.ts'
import { MAIL_VARIABLES, mailOptions } from './mail-variables.ts'
import type { Source, SourceFile } from './source.ts'
import { readVariables } from './text/environment.ts'
import { shortened } from './text/lines.ts'

const TOOL = 'environment'
const PORTS = 'PUERTOS_A_MONITOREAR'
const PORT = 'PROMETHEUS_PORT'
const KNOWN = new RegExp(`^[^\\n#]*\\b(?:${[PORTS, PORT, ...MAIL_VARIABLES].join('|')})[ \\t]*[=:]`, 'm')

const read = (source: Source, file: SourceFile): ImportPlan => {
  const text = file.text()
  const values = readVariables(text, [PORTS, PORT, ...MAIL_VARIABLES])
  const left: Left[] = []
  const remarks: Left[] = []
  const placeOf = (name: string) => ({ file: file.name, line: values.get(name)?.line ?? 1 })
  const ports = values.get(PORTS)
  const watch = [...new Set((ports?.value ?? '').split(',').map((one) => one.trim()))].filter((one) => one !== '')
  const good = watch.filter((one) => /^\d{1,5}$/.test(one) && Number(one) > 0 && Number(one) < 65_536)
  for (const wrong of watch.filter((one) => !good.includes(one)))
    left.push({
      what: PORTS,
      place: placeOf(PORTS),
      why: because('import_value_unread', { field: PORTS, text: shortened(wrong) }),
    })
  for (const name of [PORTS, PORT])
    if (values.has(name))
      remarks.push({ what: name, place: placeOf(name), why: because('import_environment_ours', { name }) })
  // The panel reads this file too, and its channels come in with what it says.
  const isPanels = source.files.some(({ name }) => name.endsWith('security.db'))
  const sends = !isPanels && MAIL_VARIABLES.some((name) => values.get(name)?.value)
  const channels = sends
    ? [
        {
          place: placeOf(MAIL_VARIABLES.find((name) => values.has(name))!),
          entry: { name: 'mail', type: 'email', options: mailOptions(values, []) },
        },
      ]
    : []
  return {
    kind: 'environment',
    tool: TOOL,
    channels,
    left,
    remarks,
    ...(good.length > 0 && { sections: { sources: { ports: { watch: good.map(Number) } } } }),
  }
}

/** Variables of the older exporter and of the older panel: the ports that are counted, and how mail is sent. */
export const environmentFile = defineImporter({
  kind: 'environment',
  title: 'variables of the exporter and the panel (.env)',
  recognises: (file) =>
    file.size < 1_000_000 && !/\.(?:py|md|csv|html?)$/i.test(file.name) && KNOWN.test(file.headText()),
  read,
})
