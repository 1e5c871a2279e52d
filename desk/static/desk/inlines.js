// Buttons that move an episode's rows up and down; the hidden `place` fields carry the order to the
// server. Without this script rows stay in the order in which they were typed.

const PLACE = 'input[name$="-place"]'

const rowsOf = (body) => [...body.querySelectorAll(':scope > tr.form-row:not(.empty-form)')]

function button(label, sign, move) {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = 'move-row'
  made.title = label
  made.setAttribute('aria-label', label)
  made.textContent = sign
  made.addEventListener('click', () => {
    const row = made.closest('tr')
    move(row)
    writePlaces(row.parentElement)
    made.focus()
  })
  return made
}

function moveUp(row) {
  const rows = rowsOf(row.parentElement)
  rows[rows.indexOf(row) - 1]?.before(row)
}

function moveDown(row) {
  const rows = rowsOf(row.parentElement)
  rows[rows.indexOf(row) + 1]?.after(row)
}

function addButtons(row) {
  if (!row.querySelector(PLACE) || row.querySelector('.move-row')) return
  row.querySelector('td.delete')?.prepend(
    button('Move up', '↑', moveUp), button('Move down', '↓', moveDown)
  )
}

function writePlaces(body) {
  rowsOf(body).forEach((row, index) => {
    const place = row.querySelector(PLACE)
    if (place) place.value = index
  })
}

// A form that comes back with errors, or is restored, lists rows as they were typed, not as moved.
function restoreOrder(body) {
  const rows = rowsOf(body)
  const place = (row) => Number(row.querySelector(PLACE)?.value || rows.length)
  if (rows.length === 0) return
  const anchor = rows.at(-1).nextSibling
  rows.sort((a, b) => place(a) - place(b))
  for (const row of rows) body.insertBefore(row, anchor)
}

document.addEventListener('formset:added', (event) => addButtons(event.target))

document.addEventListener('DOMContentLoaded', () => {
  const form = document.querySelector('form[id$="_form"]')
  const bodies = () => form?.querySelectorAll('.tabular.inline-related tbody') ?? []
  for (const body of bodies()) {
    restoreOrder(body)
    rowsOf(body).forEach(addButtons)
  }
  form?.addEventListener('submit', () => bodies().forEach(writePlaces))
  form?.addEventListener('desk:restored', () => bodies().forEach(restoreOrder))
})
