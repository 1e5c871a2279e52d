// Lines of an episode can be moved up and down; the server numbers them by their hidden place.
// Without this script they keep the order in which they were typed.

const PLACE = 'input[name$="-place"]'

const lines = (body) => [...body.querySelectorAll(':scope > tr.form-row:not(.empty-form)')]

function button(label, sign, move) {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = 'move-line'
  made.title = label
  made.setAttribute('aria-label', label)
  made.textContent = sign
  made.addEventListener('click', () => {
    move(made.closest('tr'))
    made.focus()
  })
  return made
}

function up(line) {
  const all = lines(line.parentElement)
  const before = all[all.indexOf(line) - 1]
  if (before) before.before(line)
}

function down(line) {
  const all = lines(line.parentElement)
  const after = all[all.indexOf(line) + 1]
  if (after) after.after(line)
}

function equip(line) {
  if (!line.querySelector(PLACE) || line.querySelector('.move-line')) return
  line.querySelector('td.delete')?.prepend(
    button('Move up', '↑', up), button('Move down', '↓', down)
  )
}

function number(form) {
  for (const body of form.querySelectorAll('tbody')) {
    lines(body).forEach((line, index) => {
      const place = line.querySelector(PLACE)
      if (place) place.value = index
    })
  }
}

// A form that comes back with errors shows its lines as they were typed, not as they were moved.
function restore(body) {
  const place = (line) => line.querySelector(PLACE)?.value ?? ''
  const all = lines(body)
  if (all.length === 0 || all.some((line) => place(line) === '')) return
  const anchor = all.at(-1).nextSibling
  all.sort((a, b) => place(a) - place(b))
  for (const line of all) body.insertBefore(line, anchor)
}

document.addEventListener('formset:added', (event) => equip(event.target))

document.addEventListener('DOMContentLoaded', () => {
  for (const body of document.querySelectorAll('.tabular.inline-related tbody')) {
    restore(body)
    lines(body).forEach(equip)
  }
  document.querySelector('form[id$="_form"]')?.addEventListener('submit', (event) => number(event.target))
})
