import { Collapse, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useEffect, useId } from 'react'
import { Icon } from '../components/icon.tsx'

interface Props {
  /** What is in there. */
  readonly title: string
  /** Something in there is wrong: it opens by itself. */
  readonly begin?: boolean
  readonly children: ReactNode
}

/** What few need, folded away; it is there all the same, with what it holds. */
export const Further = ({ title, begin = false, children }: Props) => {
  const [opened, { toggle, open }] = useDisclosure(false)
  const folded = useId()
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the change of it opens
  useEffect(() => {
    if (begin) open()
  }, [begin])
  return (
    <div>
      <UnstyledButton
        onClick={toggle}
        aria-expanded={opened}
        aria-controls={folded}
        style={{ display: 'inline-flex', alignItems: 'center', gap: 6, fontSize: 14, marginBottom: 12 }}
        c="var(--mantine-color-anchor)"
      >
        <span style={{ display: 'inline-flex', transform: opened ? 'rotate(90deg)' : undefined }}>
          <Icon name="chevron" size={16} />
        </span>
        {title}
      </UnstyledButton>
      <Collapse expanded={opened} id={folded}>
        {children}
      </Collapse>
    </div>
  )
}
