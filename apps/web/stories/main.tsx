import { createRoot } from 'react-dom/client'
import '../src/ui/styles/index.css'
import { STORIES } from './all-stories.ts'
import { appOf } from './story-app.tsx'

const container = document.getElementById('page')
if (!container) throw new Error('stories.html has no element with the id "page"')
const root = createRoot(container)

/** Shows the story that the address names behind its `#`, or the list of all. */
function show(): void {
  const name = decodeURIComponent(location.hash.slice(1))
  const story = STORIES[name]
  if (story)
    return root.render(
      <div key={name} style={{ display: 'contents' }} data-story={name}>
        {appOf(story).element}
      </div>,
    )
  root.render(
    <main className="cs-first-words">
      <h1 className="cs-title">Stories</h1>
      <ul>
        {Object.keys(STORIES).map((key) => (
          <li key={key}>
            <a href={`#${key}`}>{key}</a>
          </li>
        ))}
      </ul>
    </main>,
  )
}

addEventListener('hashchange', show)
show()
