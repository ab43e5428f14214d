import type { ReactNode } from 'react'
import { ExportButton } from '../../components/export-button.tsx'
import { Wide } from '../../components/wide.tsx'
import type { Cell } from '../../lib/csv.ts'
import { Section } from '../settings/section.tsx'

interface Line {
  readonly key: string
  readonly name: ReactNode
  readonly cells: readonly string[]
  /** The same for spreadsheets. */
  readonly saved: readonly Cell[]
}

interface Props {
  readonly title: string
  readonly head: readonly string[]
  readonly lines: readonly Line[]
  readonly savedHead: readonly string[]
}

/** One table of figures: names at the left, figures at the right. */
export const FigureTable = ({ title, head, lines, savedHead }: Props) => (
  <Section
    title={title}
    actions={<ExportButton name={title} head={savedHead} rows={async () => lines.map(({ saved }) => saved)} />}
  >
    <Wide>
      <table className="plain">
        <thead>
          <tr>
            {head.map((name, index) => (
              <th key={name} style={index === 0 ? undefined : { textAlign: 'right' }}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, name, cells }) => (
            <tr key={key}>
              <td className="break">{name}</td>
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell has no other identity than its column
                <td key={index} className="number" style={{ textAlign: 'right', whiteSpace: 'nowrap' }}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  </Section>
)
