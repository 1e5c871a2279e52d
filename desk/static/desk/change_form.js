/* A change form stores what is typed in this browser, asks before it loses it, and lists its errors
   with links to the fields. Without this script each error stands beside its field alone. */

import { changesOf, restoreChanges, showsChanges } from './form_state.js'
import { reveal } from './reveal.js'
import { clear, idOf, keyOf, offer, store, stored } from './unsaved.js'
import { renewToken } from './writing/token.js'

const PAUSE = 300 // milliseconds after the last key

// Django begins the name of a row with a capital.
for (const rows of document.querySelectorAll('[data-inline-formset]')) {
  rows.dataset.inlineFormset = rows.dataset.inlineFormset.replace(/(?<="Add another )./, (letter) => letter.toLowerCase())
}

// Phones show the name of a column in each of its cells.
for (const cell of document.querySelectorAll('.tabular td[class*="field-"], .tabular td.delete:has([type="checkbox"])')) {
  const column = cell.className.match(/field-(\S+)/)
  const head = cell.closest('table').querySelector(column ? `.column-${column[1]}` : 'th:last-child')
  cell.dataset.label = head?.textContent.trim() ?? ''
}

const newId = () => Date.now().toString(36) + Math.random().toString(36).slice(2)
const hasChosenFile = (form) => [...form.querySelectorAll('[type="file"]')].some((field) => field.files.length)

function storeWhileTyping(form, isRefused) {
  let timer = 0
  let isSubmitted = false
  const id = form.elements.unsaved_id
  const key = () => keyOf(location.pathname, id.value)
  const save = () => {
    clearTimeout(timer)
    timer = 0
    const changes = changesOf(form, isRefused)
    if (!id.value && changes) id.value = newId()
    if (changes) store(key(), changes)
    else if (id.value) clear(key())
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(save, PAUSE)
  }
  for (const name of ['input', 'change', 'click']) form.addEventListener(name, later)
  for (const name of ['formset:added', 'formset:removed']) document.addEventListener(name, later)
  window.django?.jQuery?.(form).on('change', later) // its own events are no others' events
  form.addEventListener('submit', () => {
    isSubmitted = true
    save()
    if (!id.value) id.value = newId()
    if (!changesOf(form, isRefused)) store(key(), []) // its save, too, ends what was stored before
    renewToken(form)
  })
  // What still stands in an open tab outlives a save in another one.
  const saveAgain = () => { if (!isSubmitted && (timer || id.value)) save() }
  addEventListener('pageshow', () => { isSubmitted = false })
  addEventListener('pagehide', saveAgain)
  addEventListener('storage', (event) => { if (event.key === key() && event.newValue === null) saveAgain() })
}

function offerUnsaved(form) {
  const drafts = stored(location.pathname).filter(({ key, value }) => {
    const isShown = !Array.isArray(value) || showsChanges(form, value)
    if (isShown) clear(key)
    return !isShown
  })
  offer(drafts, ({ key, value }) => {
    form.elements.unsaved_id.value = idOf(key)
    const fields = restoreChanges(form, value).filter((field) => field.type !== 'hidden')
    if (fields[0]) reveal(fields[0])
    fields[0]?.focus()
  }, () => form.querySelector('input:not([type="hidden"]), select, textarea'))
}

function warnBeforeLeaving(form, isRefused) {
  let isSubmitting = false
  form.addEventListener('submit', () => { isSubmitting = true })
  addEventListener('pageshow', () => { isSubmitting = false })
  addEventListener('beforeunload', (event) => {
    if (!isSubmitting && (isRefused || hasChosenFile(form) || changesOf(form, false))) event.preventDefault()
  })
}

/* “Topics, row 3, Time” for a field of a table, whose column has the label. */
function placeInTable(list) {
  const cell = list.closest('td')
  const column = cell?.closest('table').tHead?.rows[0].cells[cell.cellIndex]?.textContent.trim()
  if (!column) return ''
  const rows = [...cell.closest('tbody').querySelectorAll(':scope > tr.form-row:not(.empty-form)')]
  const table = cell.closest('.inline-group')?.querySelector('.inline-heading')?.textContent.trim()
  return [table, `row ${rows.indexOf(cell.parentElement) + 1}`, column].filter(Boolean).join(', ')
}

/* The box beside the list: a row may have several, and a file's has one to clear it. */
function labelOf(list) {
  const place = list.closest('td, .form-row') ?? list.parentElement
  const boxes = 'input:not([type="hidden"], [name$="-clear"]), select, textarea'
  const field = list.parentElement.querySelector(boxes) ?? place.querySelector(boxes)
  const named = list.parentElement.querySelector('label, legend')?.textContent ?? field?.labels?.[0]?.textContent
  const label = named?.trim().replace(/:$/, '') || field?.getAttribute('aria-label')
  return { field, label: placeInTable(list) || label || '' }
}

function linkTo(list) {
  const { field, label } = labelOf(list)
  const item = document.createElement('li')
  const messages = [...list.children].map((each) => each.textContent.trim())
  const text = [label, messages.join(' ')].filter(Boolean).join(': ')
  if (!field) {
    item.textContent = text
    return item
  }
  const link = document.createElement('a')
  link.href = `#${field.id}`
  link.textContent = text
  link.addEventListener('click', (event) => {
    event.preventDefault()
    reveal(field)
    field.focus()
    field.scrollIntoView({ block: 'center' })
  })
  item.append(link)
  return item
}

function listErrors(form) {
  const note = form.querySelector('.errornote')
  const lists = [...form.querySelectorAll('.errorlist:not(.nonfield)')]
  if (!note || lists.length === 0) return
  const summary = document.createElement('ul')
  summary.className = 'errorlist desk-errors'
  summary.append(...lists.map(linkTo))
  note.after(summary)
  summary.tabIndex = -1
  summary.focus()
}

/* Ctrl+S or Ctrl+Enter (⌘ on a Mac) presses the main button, wherever it is. */
function saveByKeys(form) {
  addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !['s', 'Enter'].includes(event.key)) return
    const button = document.querySelector(`button.default[form="${form.id}"]`) ?? form.querySelector('[name="_save"]')
    if (!button) return
    event.preventDefault()
    form.requestSubmit(button)
  })
}

const form = document.querySelector('.change-form form[id$="_form"]')
if (form?.elements.unsaved_id) {
  const isRefused = form.querySelector('.errorlist') !== null // what it shows isn't saved
  warnBeforeLeaving(form, isRefused)
  listErrors(form)
  saveByKeys(form)
  if (!form.querySelector('[type="password"]')) {
    storeWhileTyping(form, isRefused)
    if (!isRefused) offerUnsaved(form)
  }
}
