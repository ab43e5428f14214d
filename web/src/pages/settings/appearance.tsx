import { Autocomplete, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readStored } from '../../lib/choice.ts'
import { chooseTimeZone } from '../../lib/format.ts'
import { LanguageChoice, ThemeChoice } from '../../shell/user-menu.tsx'
import { Section } from './section.tsx'

const ZONES = Intl.supportedValuesOf('timeZone')

const Appearance = () => {
  const { t } = useTranslation()
  const [zone, setZone] = useState(readStored('zone') ?? '')
  const [wrong, setWrong] = useState(false)
  return (
    <Section title={t('settings.sections.appearance')} hint={t('settings.appearanceHint')}>
      <Stack maw={420}>
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('shell.user.language')}
          </Text>
          <LanguageChoice />
        </div>
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('shell.user.theme')}
          </Text>
          <ThemeChoice />
        </div>
        <Autocomplete
          label={t('settings.timeZone')}
          description={t('settings.timeZoneHint', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
          data={ZONES}
          limit={12}
          value={zone}
          error={wrong && t('settings.badZone')}
          onChange={(value) => {
            setZone(value)
            setWrong(!chooseTimeZone(value))
          }}
        />
      </Stack>
    </Section>
  )
}
export default Appearance
