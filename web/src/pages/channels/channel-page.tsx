import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { ApiError, api } from '../../api/client.ts'
import type { Channel } from '../../api/types.ts'
import { confirm } from '../../components/confirm.tsx'
import { DeleteButton } from '../../components/delete-button.tsx'
import { useErrorText } from '../../components/error-text.ts'
import { Empty, Loaded, PageHead } from '../../components/page.tsx'
import { sayDone, sayFailed } from '../../components/toast.tsx'
import { addTexts } from '../../i18n/index.ts'
import { history as historyTexts } from '../../i18n/texts/history.ts'
import { ChannelForm } from './channel-form.tsx'
import { useTestChannel } from './test-channel.ts'

addTexts('history', historyTexts)

const LIST = '/channels'

/** After saving: back to the list, unless a test that was asked for failed. */
const useSaved = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [, go] = useLocation()
  const test = useTestChannel()
  return async (channel: Channel, wanted: boolean) => {
    await client.invalidateQueries({ queryKey: ['channels'] })
    if (wanted && !(await test(channel))) return
    if (!wanted) sayDone(t('history.channelSaved', { name: channel.name }))
    go(LIST)
  }
}

export const NewChannelPage = () => {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const saved = useSaved()
  return (
    <>
      <PageHead title={t('history.newChannel')} />
      <ChannelForm saved={saved} cancel={() => go(LIST)} />
    </>
  )
}

export const EditChannelPage = ({ id }: { readonly id: number }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorText = useErrorText()
  const [, go] = useLocation()
  const saved = useSaved()
  const channel = useQuery({
    queryKey: ['editing', 'channel', id],
    queryFn: () => api.get<Channel>(`/channels/${id}`),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })

  const remove = async ({ name }: Channel) => {
    if (!(await confirm(t('history.deleteChannel', { name }), t('history.deleteChannelHint'), t('words.delete'))))
      return
    try {
      await api.delete(`/channels/${id}`).catch(async (error) => {
        const used = error instanceof ApiError && error.code === 'in_use'
        const message = errorText(error).replace(/ Add \?force.*$/, '')
        if (
          !used ||
          !(await confirm(t('history.deleteChannel', { name }), t('history.inUse', { message }), t('words.delete')))
        )
          throw error
        await api.delete(`/channels/${id}?force=true`)
      })
      await client.invalidateQueries({ queryKey: ['channels'] })
      sayDone(t('history.deleted', { name }))
      go(LIST)
    } catch (error) {
      sayFailed(errorText(error))
    }
  }

  return (
    <Loaded query={channel} lines={8}>
      {(data) => (
        <>
          <PageHead title={t('history.editChannel', { name: data.name })} />
          {data.origin !== null ? (
            <Empty title={t('history.fromFile', { origin: data.origin })}>{t('shell.errors.owned_by_file')}</Empty>
          ) : (
            <ChannelForm
              channel={data}
              saved={saved}
              cancel={() => go(LIST)}
              actions={<DeleteButton remove={() => remove(data)} />}
            />
          )}
        </>
      )}
    </Loaded>
  )
}
