/** What is known of a connection beforehand, for a classifier that is to learn from it. */
export type FlowLabel = 'malicious' | 'benign'

/** Words that data sets write for traffic of an attacker, or of a machine that obeys one; many name the attack at once. */
const MALICIOUS =
  /malicious|malware|attack|botnet|infected|anomal|intrusion|exploit|trojan|partofahorizontalportscan|portscan|ddos|\bdos\b|c&c|^c2$|^cc$|heartbeat|filedownload|okiru|torii|mirai|brute.?force|^(?:1|true|evil|bad)$/i
const BENIGN = /benign|normal|legitimate|^(?:0|false|clean|good)$/i
/** Nobody looked, or could not tell. */
const UNKNOWN = /^(?:-|\(empty\)|background.*|unknown|unlabell?ed|n\/?a|none|skip)?$/i

/** A label by its spelling: undefined for what is not labelled, and `odd` for a word that nobody knows. */
export const flowLabelOf = (text: string): FlowLabel | 'odd' | undefined => {
  const word = text.trim()
  if (UNKNOWN.test(word)) return undefined
  // "From-Normal-V42-…" and "not malicious" are no attacks, whatever else stands there.
  if (BENIGN.test(word) || /^(?:not|non)[- _]?malicious/i.test(word)) return 'benign'
  if (/background/i.test(word)) return undefined
  return MALICIOUS.test(word) ? 'malicious' : 'odd'
}
