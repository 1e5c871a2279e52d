// Opens what hides the field that the address names, and puts the cursor there.

import './panes.js'
import { reveal } from './reveal.js'
import './select_names.js'

const FIELDS = 'input:not([type="hidden"], [tabindex="-1"]), select, textarea'

/* A row that isn't there any more, or a field that this episode's form lacks: its group. */
function elementNamed(id) {
  const group = id.replace(/^id_/, '').replace(/-\d+(?:-.*)?$/, '')
  return document.getElementById(id) ?? document.getElementById(`${group}-group`)
}

/* Of a group the first blank field, where something can be added. */
function fieldIn(element) {
  if (element.matches(FIELDS)) return element
  const fields = [...element.querySelectorAll(FIELDS)].filter((field) => field.checkVisibility() && field.type !== 'checkbox')
  const blank = element.matches('[id$="-group"]') && fields.find((field) => field.value === '')
  return blank || fields[0]
}

function goThere() {
  const id = decodeURIComponent(location.hash.slice(1))
  const element = id && !id.startsWith('pane=') && elementNamed(id)
  if (!element) return
  reveal(element)
  const field = fieldIn(element)
  element.scrollIntoView({ block: element.offsetHeight < innerHeight / 2 ? 'center' : 'start' })
  field?.focus({ preventScroll: field === element })
}

// On a phone the tabs may be wider than the screen.
const current = document.querySelector('.workspace-tabs [aria-current]')
if (current) current.closest('ul').scrollLeft = current.offsetLeft - innerWidth / 2

addEventListener('load', goThere)
addEventListener('hashchange', goThere)
