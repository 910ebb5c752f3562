import { createRoot } from 'react-dom/client'
import '../src/ui/styles/index.css'
import { STORIES } from './all-stories.ts'
import { appOf } from './story-app.tsx'

const container = document.getElementById('page')
if (!container) throw new Error('stories.html has no element with the id "page"')

const name = new URLSearchParams(location.search).get('story') ?? ''
const story = STORIES[name]

createRoot(container).render(
  story ? (
    appOf(story).element
  ) : (
    <main className="cs-first-words">
      <h1 className="cs-title">Stories</h1>
      <ul>
        {Object.keys(STORIES).map((key) => (
          <li key={key}>
            <a href={`?story=${key}`}>{key}</a>
          </li>
        ))}
      </ul>
    </main>
  ),
)
