// An episode's technologies as chips: added by typing, removed by ×, moved by arrows, the first being
// the main one. The form's rows stay beneath; without this script they are what one edits.

import { combobox } from './combobox.js'

const group = document.querySelector('.chips[data-search]')
const list = group?.querySelector('.chip-list')
const prefix = group?.dataset.prefix
const total = document.querySelector(`[name="${prefix}-TOTAL_FORMS"]`)
let box = null

const field = (row, name) => row.querySelector(`[name$="-${name}"]`)
const rows = () => [...list.children]
const nameOf = (row) => field(row, 'name').value.trim()
const isListed = (row) => nameOf(row) !== '' && !field(row, 'DELETE')?.checked
const listed = () => rows().filter(isListed)
const same = (one, other) => one.toLowerCase() === other.toLowerCase()

function changed(row) {
  field(row, 'name').dispatchEvent(new Event('change', { bubbles: true })) // for what stores the form
}

function button(row, sign, press) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = sign
  made.addEventListener('click', () => press(row, made))
  return made
}

function moveBy(steps) {
  return (row, made) => {
    const chips = listed()
    const other = chips[chips.indexOf(row) + steps]
    if (!other) return
    if (steps < 0) other.before(row)
    else other.after(row)
    update(row)
    made.focus()
  }
}

function remove(row) {
  const chips = listed()
  const next = chips[chips.indexOf(row) + 1] ?? chips[chips.indexOf(row) - 1]
  const deletion = field(row, 'DELETE')
  if (deletion) deletion.checked = true
  else {
    field(row, 'name').value = ''
    field(row, 'new').checked = false
  }
  update(row)
  const focused = next?.querySelector('.chip-remove') ?? box
  focused.focus()
}

function addButtons(row) {
  if (row.querySelector('.chip-buttons')) return
  const buttons = document.createElement('span')
  buttons.className = 'chip-buttons'
  buttons.append(button(row, '‹', moveBy(-1)), button(row, '›', moveBy(1)), button(row, '×', remove))
  buttons.lastChild.className = 'chip-remove'
  row.append(buttons)
  for (const each of row.querySelectorAll('input')) each.tabIndex = -1 // none of them is seen
  const name = field(row, 'name')
  name.addEventListener('focus', () => buttons.lastChild.focus()) // from the list of errors
}

function label(row, icon) {
  const shown = row.querySelector('.chip-label')
  const name = nameOf(row)
  if (shown.querySelector('bdi')?.textContent === name) return
  const image = document.createElement(icon ? 'img' : 'span')
  image.className = 'icon'
  if (icon) Object.assign(image, { src: icon, alt: '', width: 16, height: 16 })
  else image.dataset.initial = name.slice(0, 1).toUpperCase()
  const words = document.createElement('bdi')
  words.textContent = name
  shown.replaceChildren(image, words)
}

function refresh() {
  const chips = listed()
  for (const row of rows()) {
    row.hidden = !chips.includes(row)
    row.classList.toggle('is-main', row === chips[0])
    addButtons(row)
    if (row.hidden) continue
    label(row)
    const at = chips.indexOf(row)
    const [earlier, later, gone] = row.querySelector('.chip-buttons').children
    const words = { [`Move ${nameOf(row)} earlier`]: earlier, [`Move ${nameOf(row)} later`]: later, [`Remove ${nameOf(row)}`]: gone }
    for (const [title, made] of Object.entries(words)) {
      made.title = title
      made.setAttribute('aria-label', title)
    }
    earlier.disabled = at === 0
    later.disabled = at === chips.length - 1
  }
}

/* Only once something was moved, so that a form as it came counts as unchanged. */
function writePlaces() {
  listed().forEach((row, at) => { field(row, 'place').value = at })
}

function update(row) {
  refresh()
  writePlaces()
  changed(row)
}

function addRow() {
  const html = group.querySelector('template').innerHTML.replaceAll('__prefix__', total.value)
  list.insertAdjacentHTML('beforeend', html)
  total.value = Number(total.value) + 1
  return list.lastElementChild
}

const isBlank = (row) => nameOf(row) === '' && !field(row, 'DELETE')

function add({ name, icon, isNew }) {
  if (listed().some((row) => same(nameOf(row), name))) return
  const removed = rows().find((row) => !isListed(row) && same(nameOf(row), name))
  const row = removed ?? rows().find(isBlank) ?? addRow()
  if (removed) field(row, 'DELETE').checked = false
  field(row, 'name').value = name
  field(row, 'new').checked = Boolean(isNew)
  label(row, icon)
  list.append(row)
  update(row)
}

/* What the server knows by this term, without what is listed; at the end the term itself, as new, by
   the name and with the icon that the directory has for it. */
async function search(term) {
  const response = await fetch(`${group.dataset.search}&term=${encodeURIComponent(term)}`)
  if (!response.ok || response.redirected) return []
  const { results, known } = await response.json()
  const found = results.map(({ text, icon }) => ({ name: text, icon }))
  const fresh = found.filter(({ name }) => !listed().some((row) => same(nameOf(row), name)))
  const added = known?.text ?? term
  const names = [...found.map(({ name }) => name), ...listed().map(nameOf)]
  const isThere = names.some((name) => same(name, term) || same(name, added))
  return isThere || !('mayCreate' in group.dataset) ? fresh : [...fresh, { name: added, icon: known?.icon, isNew: true }]
}

function restore() {
  const place = (row) => Number(field(row, 'place').value || rows().length)
  list.append(...rows().sort((a, b) => place(a) - place(b)))
  refresh()
}

/* A way to add a row for what restores a form (form_state.js). */
function makeAddLink() {
  const line = document.createElement('p')
  line.className = 'add-row'
  line.hidden = true
  const link = document.createElement('a')
  link.addEventListener('click', () => addButtons(addRow()))
  line.append(link)
  return line
}

if (group) {
  group.classList.add('has-script')
  const made = combobox({ id: `${prefix}-add`, label: 'Add a technology', search, choose: add })
  box = made.input
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Backspace' && box.value === '') listed().at(-1)?.querySelector('.chip-remove').focus()
  })
  list.after(made.element, makeAddLink())
  restore()
  list.closest('form').addEventListener('desk:restored', restore)
  list.closest('form').addEventListener('submit', writePlaces)
}
