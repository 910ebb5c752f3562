import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { Button } from '@patternfly/react-core/dist/esm/components/Button/Button.js'
import { sessionQuery, signOut } from '../data/session-query.ts'
import { useHttp } from '../data/services.tsx'
import { product } from '../strings/product.ts'
import { failures } from '../strings/failures.ts'
import { Announcer } from '../ui/announcer.tsx'
import { ProductMark } from '../ui/product-mark.tsx'
import { ConnectionBar, ConnectionSign } from './connection-bar.tsx'
import { DisplayChoices } from './display-choices.tsx'
import { placesFor } from './places.ts'
import { ToldNotices } from './told-notices.tsx'

/** The frame of every screen after sign-in. */
export function Shell() {
  return (
    <Announcer>
      <Frame />
    </Announcer>
  )
}

function Frame() {
  const http = useHttp()
  const { data: session } = useSuspenseQuery(sessionQuery(http))
  const [open, setOpen] = useState(false)
  const router = useRouter()
  const main = useRef<HTMLElement>(null)
  // A click on a place closes the drawer of narrow screens.
  useEffect(() => router.subscribe('onResolved', () => setOpen(false)), [router])

  return (
    <div className="cs-shell">
      <a
        className="cs-skip pf-v6-c-button pf-m-primary"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {product.skipToContent}
      </a>
      <header className="cs-shell__top">
        <div className="cs-shell__head">
          <button
            type="button"
            className="cs-shell__toggle"
            aria-expanded={open}
            aria-controls="places"
            onClick={() => setOpen(!open)}
          >
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d="M1 3.5 H15 M1 8 H15 M1 12.5 H15" stroke="currentColor" strokeWidth="1.8" />
            </svg>
            <span className="pf-v6-screen-reader">{product.openNavigation}</span>
          </button>
          <Link to="/" className="cs-shell__brand">
            <ProductMark size={22} /> {product.name}
          </Link>
          <div className="cs-shell__tools">
            <ConnectionSign />
            {session.user && (
              <Link to="/account" className="cs-shell__user">
                {product.signedInAs(session.user.name, product.roles[session.user.role])}
              </Link>
            )}
            <SignOutButton />
          </div>
        </div>
        {session.demo && (
          <p className="cs-demo" role="note">
            {product.demo}
          </p>
        )}
      </header>
      <div className="cs-shell__body">
        <nav
          id="places"
          className={open ? 'cs-places cs-places--open' : 'cs-places'}
          aria-label={product.navigation}
        >
          <ul>
            {placesFor(session.user?.role).map((place) => (
              <li key={place.to}>
                <Link
                  to={place.to}
                  className="cs-places__link"
                  activeProps={{ className: 'cs-places__link--here', 'aria-current': 'page' }}
                  activeOptions={{ exact: place.to === '/', includeSearch: false }}
                >
                  {product.places[place.name]}
                </Link>
              </li>
            ))}
          </ul>
          <DisplayChoices />
        </nav>
        {/* It scrolls: who has no mouse reaches it by the tab key also where nothing in it takes the focus. */}
        <main className="cs-shell__main" id="main" tabIndex={0} ref={main}>
          <ConnectionBar />
          <ToldNotices />
          <Outlet />
        </main>
      </div>
    </div>
  )
}

function SignOutButton() {
  const http = useHttp()
  const command = useMutation({
    mutationFn: () => signOut(http),
    // A new page: nothing of this session stays in memory.
    onSuccess: () => location.assign('/sign-in'),
  })
  return (
    <>
      <Button variant="link" size="sm" onClick={() => command.mutate()} isDisabled={command.isPending}>
        {product.signOut}
      </Button>
      {command.isError && (
        <span role="alert" className="cs-shell__failure">
          {failures.unreachable}
        </span>
      )}
    </>
  )
}
