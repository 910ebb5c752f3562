import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import type { Host } from '@coreshift/shared/contract'
import { removeHost } from '../../data/host-commands.ts'
import { useHttp } from '../../data/services.tsx'
import { CommandFailure } from '../../domain/query-failure.tsx'
import { hosts as words } from '../../strings/hosts.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { Countdown, Elapsed } from '../../ui/elapsed.tsx'
import { Instant } from '../../ui/instant.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SureButton } from '../../ui/sure-button.tsx'
import { Tag, type TagColor } from '../../ui/tag.tsx'
import { HostCredentials } from './host-credentials.tsx'

const COLORS: Record<Host['state'], TagColor> = {
  connecting: 'blue',
  connected: 'green',
  offline: 'red',
  removed: 'grey',
}

/** One host: connected or why not, versions, and what they mean for a resize. */
export const HostCard = memo(function HostCard({ host, mayManage }: { host: Host; mayManage: boolean }) {
  return (
    <CardBox
      title={host.name}
      className="cs-host"
      aside={
        <span className="cs-host__state" data-host={host.name} data-state={host.state}>
          <Tag color={COLORS[host.state]}>{words.states[host.state]}</Tag>
          <span className="cs-quiet">
            {words.since} <Elapsed since={host.since} />
          </span>
        </span>
      }
    >
      {host.cause && host.state !== 'connected' && (
        <Notice tone="danger" title={host.cause}>
          {host.hint}
          {host.nextAttemptAt && (
            <p>
              {words.nextAttempt} <Instant at={host.nextAttemptAt} form="clock" />,{' '}
              <Countdown until={host.nextAttemptAt} due={words.now} />
            </p>
          )}
        </Notice>
      )}
      <dl className="cs-pairs cs-host__facts">
        <dt>{words.address}</dt>
        <dd>
          <code>{host.uri}</code>
        </dd>
        {host.username !== undefined && (
          <>
            <dt>{words.signsIn}</dt>
            <dd>{host.username}</dd>
          </>
        )}
        <dt>{words.source}</dt>
        <dd>{words.sources[host.source]}</dd>
        {host.libvirtVersion && (
          <>
            <dt>{words.versions}</dt>
            <dd>{words.version(host.libvirtVersion, host.hypervisorVersion)}</dd>
          </>
        )}
        {host.asyncUnplug !== undefined && (
          <>
            <dt>{words.meaning}</dt>
            <dd>{host.asyncUnplug ? words.asyncUnplug : words.noAsyncUnplug(host.libvirtVersion ?? '')}</dd>
          </>
        )}
        {host.arch && (
          <>
            <dt>{words.arch}</dt>
            <dd>
              {host.arch}
              {host.cpus !== undefined && `, ${host.cpus} ${words.cpus}`}
              {host.memoryKib !== undefined && `, ${words.gib(host.memoryKib)}`}
            </dd>
          </>
        )}
        {host.vms !== undefined && (
          <>
            <dt>{words.machines}</dt>
            <dd>
              <Link to="/" search={{ host: host.name }}>
                {host.vms}
              </Link>
            </dd>
          </>
        )}
      </dl>
      {mayManage && (
        <div className="cs-host__foot cs-buttons">
          <Link to="/settings">{words.settings}</Link>
          {host.source === 'page' && <HostCredentials host={host} />}
          <RemoveHost host={host} />
        </div>
      )}
    </CardBox>
  )
})

function RemoveHost({ host }: { host: Host }) {
  const http = useHttp()
  const command = useMutation({ mutationFn: () => removeHost(http, host.id) })
  if (host.source === 'environment') return <span className="cs-quiet">{words.fixed}</span>
  if (host.source !== 'page') return null
  return (
    <>
      <SureButton
        label={words.remove}
        ariaLabel={words.removeOf(host.name)}
        question={words.removeSure(host.name)}
        yes={words.removeYes}
        no={words.removeNo}
        isBusy={command.isPending}
        onYes={() => command.mutate()}
      />
      {command.isError && <CommandFailure error={command.error} />}
    </>
  )
}
