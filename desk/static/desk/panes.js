// The sections of a long form become tabs, of which one is shown. Without this script they stand one
// below the other. The address keeps the pane, `#pane=topics`, through reloads and saves.

import { reveals } from './reveal.js'

const panes = [...document.querySelectorAll('.pane')]
const form = panes[0]?.closest('form')
const tabs = new Map()

const nameOf = (pane) => pane.id.replace('pane-', '')
const paneNamed = (name) => panes.find((pane) => nameOf(pane) === name)
const withErrors = (pane) => pane.querySelector('.errorlist') !== null

function show(pane) {
  for (const [each, tab] of tabs) {
    const isShown = each === pane
    each.hidden = !isShown
    tab.setAttribute('aria-selected', isShown)
    tab.tabIndex = isShown ? 0 : -1
  }
  const hash = pane === panes[0] ? '' : `#pane=${nameOf(pane)}`
  form.action = `${location.pathname}${location.search}${hash}`
}

function choose(pane) {
  show(pane)
  history.replaceState(history.state, '', `#pane=${nameOf(pane)}`)
}

function onKey(event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  const ends = { Home: 0, End: panes.length - 1 }
  if (by === undefined && !(event.key in ends)) return
  event.preventDefault()
  const at = panes.findIndex((pane) => tabs.get(pane) === event.target)
  const pane = panes[ends[event.key] ?? (at + by + panes.length) % panes.length]
  choose(pane)
  tabs.get(pane).focus()
}

function tabFor(pane) {
  const name = pane.querySelector('.pane-name')
  const tab = document.createElement('button')
  tab.type = 'button'
  tab.id = `${pane.id}-tab`
  tab.setAttribute('role', 'tab')
  tab.setAttribute('aria-controls', pane.id)
  tab.textContent = name.textContent + (withErrors(pane) ? ' (has errors)' : '')
  tab.addEventListener('click', () => choose(pane))
  tab.addEventListener('keydown', onKey)
  pane.setAttribute('role', 'tabpanel')
  pane.setAttribute('aria-labelledby', tab.id)
  name.hidden = true
  return tab
}

function makeTabs() {
  const list = document.createElement('div')
  list.className = 'pane-tabs'
  list.setAttribute('role', 'tablist')
  list.setAttribute('aria-label', 'Parts of the form')
  for (const pane of panes) tabs.set(pane, tabFor(pane))
  list.append(...tabs.values())
  panes[0].before(list)
}

if (panes.length > 0) {
  makeTabs()
  const named = () => paneNamed(location.hash.replace('#pane=', ''))
  show(panes.find(withErrors) ?? named() ?? panes[0])
  reveals((field) => {
    const pane = field.closest('.pane')
    if (pane) show(pane)
  })
  addEventListener('hashchange', () => { if (named()) show(named()) })
}
