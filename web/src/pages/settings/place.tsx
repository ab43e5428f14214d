import { useTranslation } from 'react-i18next'
import { sayDone } from '../../components/toast.tsx'
import { PlaceForm } from './place-form.tsx'
import { Section } from './section.tsx'

/** How the server speaks to people. */
const PlaceSection = () => {
  const { t } = useTranslation()
  return (
    <Section title={t('settings.sections.place')} hint={t('settings.placeHint')}>
      <PlaceForm save={t('words.save')} saved={() => sayDone(t('words.saved'))} />
    </Section>
  )
}
export default PlaceSection
