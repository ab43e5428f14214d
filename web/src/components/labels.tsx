const SHOWN = 12

/** Labels as `name=value`; the first few of them. */
export const Labels = ({ labels }: { readonly labels: Readonly<Record<string, string>> }) => {
  const all = Object.entries(labels)
  return (
    <>
      {all.slice(0, SHOWN).map(([name, value]) => (
        <span
          key={name}
          className="clip"
          style={{ border: '1px solid var(--line)', borderRadius: 10, padding: '0 8px', fontSize: 12.5, maxWidth: 220 }}
        >
          {name}={value}
        </span>
      ))}
      {all.length > SHOWN && <span>+{all.length - SHOWN}</span>}
    </>
  )
}
