// A change form asks before it loses what was typed, and lists its errors with links to the fields.
// Without this script each error stands beside its field alone.

// Fields that scripts fill in, or that say nothing of what was typed.
const IGNORED = /^csrfmiddlewaretoken$|-place$|-(?:INITIAL|MIN_NUM|MAX_NUM)_FORMS$/

function typed(form) {
  const entries = [...new FormData(form)].filter(([name]) => !IGNORED.test(name))
  return JSON.stringify(entries.map(([name, value]) => [name, value instanceof File ? value.name : value]))
}

function warnBeforeLeaving(form) {
  const wasRefused = form.querySelector('.errorlist') !== null // what it shows isn't saved
  let before = typed(form)
  let isSubmitting = false
  addEventListener('load', () => { before = typed(form) }) // other scripts have arranged the rows
  form.addEventListener('submit', () => { isSubmitting = true })
  addEventListener('pageshow', () => { isSubmitting = false })
  addEventListener('beforeunload', (event) => {
    if (!isSubmitting && (wasRefused || typed(form) !== before)) event.preventDefault()
  })
}

function labelOf(list) {
  const row = list.closest('td, .form-row, .flex-container') ?? list.parentElement
  const field = row.querySelector('input:not([type="hidden"]), select, textarea')
  const label = field?.labels?.[0]?.textContent.trim().replace(/:$/, '') || field?.getAttribute('aria-label')
  return { field, label: label || row.className.match(/field-(\w+)/)?.[1].replaceAll('_', ' ') || '' }
}

function linkTo(list) {
  const { field, label } = labelOf(list)
  const item = document.createElement('li')
  const text = [label, list.textContent.trim()].filter(Boolean).join(': ')
  if (!field) {
    item.textContent = text
    return item
  }
  const link = document.createElement('a')
  link.href = `#${field.id}`
  link.textContent = text
  link.addEventListener('click', (event) => {
    event.preventDefault()
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

document.addEventListener('DOMContentLoaded', () => {
  const form = document.querySelector('.change-form form[id$="_form"]')
  if (!form) return
  warnBeforeLeaving(form)
  listErrors(form)
})
