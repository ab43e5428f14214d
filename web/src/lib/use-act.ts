import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useErrorText } from '../components/error-text.ts'
import { sayDone, sayFailed } from '../components/toast.tsx'

/** Does something, says how it went, and has the named lists asked for again. Resolves to whether it was done. */
export const useAct = (...stale: readonly string[]) => {
  const client = useQueryClient()
  const errorText = useErrorText()
  const [busy, setBusy] = useState(false)
  const act = async (work: () => Promise<unknown>, said?: string, undo?: () => void): Promise<boolean> => {
    setBusy(true)
    try {
      await work()
      if (said) sayDone(said, undo)
      return true
    } catch (error) {
      sayFailed(errorText(error))
      return false
    } finally {
      setBusy(false)
      for (const key of stale) void client.invalidateQueries({ queryKey: [key] })
    }
  }
  return { act, busy }
}
