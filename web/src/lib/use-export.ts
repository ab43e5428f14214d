import type { Cell } from './csv.ts'
import { useAct } from './use-act.ts'

/** Makes a file for spreadsheets of a list, and says where it could not. What makes it is loaded when it is asked for. */
export const useExport = () => {
  const { act, busy } = useAct()
  const save = (name: string, head: readonly string[], rows: () => Promise<readonly (readonly Cell[])[]>) =>
    act(async () => {
      const { saveCsv } = await import('./save-csv.ts')
      saveCsv(name, head, await rows())
    })
  return { busy, save }
}
