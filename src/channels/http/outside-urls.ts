/** An address as chats make a link of it, without what ends one in a sentence or in markup. */
const ADDRESS = /https?:\/\/[^\s<>()[\]`*|\\]+/gi

/** Applies an escape to a text but for the addresses in it: an escaped one leads nowhere. */
export const outsideUrls = (text: string, escaped: (text: string) => string): string => {
  let written = ''
  let end = 0
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    written += escaped(text.slice(end, index)) + address
    end = index + address.length
  }
  return written + escaped(text.slice(end))
}
