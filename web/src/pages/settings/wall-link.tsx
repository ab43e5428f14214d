import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/client.ts'
import { confirm } from '../../components/confirm.tsx'
import { Loaded } from '../../components/page.tsx'
import { ToCopy } from '../../components/to-copy.tsx'
import { addTexts } from '../../i18n/index.ts'
import { wall } from '../../i18n/texts/wall.ts'
import { useAct } from '../../lib/use-act.ts'
import { Section } from './section.tsx'

addTexts('wall', wall)

interface Link {
  readonly path: string | null
  readonly url: string | null
  readonly label: string
}

/** The link by which a screen on a wall looks. */
export const WallLink = () => {
  const { t } = useTranslation()
  const { act, busy } = useAct('wall-link')
  const link = useQuery({ queryKey: ['wall-link'], queryFn: () => api.get<Link>('/wall/link') })
  const [label, setLabel] = useState<string>()
  const make = async (path: string | null) => {
    if (path !== null && !(await confirm(t('wall.renew'), t('wall.renewHint'), t('wall.renew')))) return
    const wanted = (label ?? link.data?.label ?? '').trim()
    await act(() => api.post('/wall/link', wanted === '' ? {} : { label: wanted }), t('wall.made'))
  }
  return (
    <Section
      title={t('wall.linkTitle')}
      hint={t('wall.linkHint')}
      actions={
        <Button component="a" href="/wall" target="_blank" variant="default">
          {t('wall.open')}
        </Button>
      }
    >
      <Loaded query={link}>
        {({ path, url, label: used }) => (
          <Stack>
            {path !== null && (
              <div>
                <ToCopy hint={t('wall.copyHint')} text={url ?? location.origin + path} />
              </div>
            )}
            <TextInput
              label={t('wall.label')}
              value={label ?? used}
              maxLength={200}
              maw={320}
              onChange={({ currentTarget }) => setLabel(currentTarget.value)}
            />
            <Group>
              <Button variant="default" loading={busy} onClick={() => void make(path)}>
                {path === null ? t('wall.make') : t('wall.renew')}
              </Button>
              {path !== null && (
                <Button
                  variant="default"
                  loading={busy}
                  onClick={() => void act(() => api.delete('/wall/link'), t('wall.ended'))}
                >
                  {t('wall.end')}
                </Button>
              )}
            </Group>
          </Stack>
        )}
      </Loaded>
    </Section>
  )
}
