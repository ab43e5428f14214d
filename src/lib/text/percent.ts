/** Text with its percent-encoding undone; as it is where that is malformed. */
export const decodePercent = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
