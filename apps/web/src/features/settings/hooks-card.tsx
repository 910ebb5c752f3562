import { useQuery } from '@tanstack/react-query'
import type { HookList } from '@coreshift/shared/contract'
import { useHttp } from '../../data/services.tsx'
import { hooksQuery } from '../../data/settings-query.ts'
import { QueryView } from '../../domain/query-view.tsx'
import { settings as words } from '../../strings/settings.ts'
import { CardBox } from '../../ui/card-box.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TableFrame } from '../../ui/table-frame.tsx'

/** The operator's executables that are seen now. They are put into their folder on the server, not here. */
export function HooksCard() {
  const query = useQuery(hooksQuery(useHttp()))
  return (
    <CardBox title={words.hooks}>
      <QueryView query={query} what={words.whatHooks} lines={1}>
        {(list) => <Hooks list={list} />}
      </QueryView>
    </CardBox>
  )
}

function Hooks({ list: { folder, items, problem } }: { list: HookList }) {
  if (problem !== undefined) {
    return (
      <Notice tone="warning" title={words.hooksProblem}>
        {problem}
      </Notice>
    )
  }
  if (folder === undefined) return <p className="cs-quiet">{words.hooksNone}</p>
  if (items.length === 0) return <p className="cs-quiet">{words.hooksEmpty(folder)}</p>
  return (
    <>
      <p className="cs-quiet">
        {words.hooksText} {words.hooksFolder(folder)}
      </p>
      <TableFrame label={words.hooks} columns={[words.hookColumns.moment, words.hookColumns.name]}>
        {items.map(({ moment, name }) => (
          <tr key={`${moment} ${name}`}>
            <td>{words.hookMoments[moment]}</td>
            <th scope="row">{name}</th>
          </tr>
        ))}
      </TableFrame>
    </>
  )
}
