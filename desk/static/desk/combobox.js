// A text field with suggestions, after the ARIA practices' “combobox with list autocomplete”.

const PAUSE = 150 // milliseconds after the last key

function optionFor(found, id) {
  const option = document.createElement('li')
  option.id = id
  option.setAttribute('role', 'option')
  option.setAttribute('aria-selected', 'false')
  if (found.icon) {
    const image = Object.assign(document.createElement('img'), { src: found.icon, alt: '', width: 16, height: 16 })
    image.className = 'icon'
    option.append(image)
  }
  option.append(found.isNew ? `Add “${found.name}” as a new one` : found.name)
  return option
}

/* `search(term)` finds `{ name, icon, isNew }`s; `choose` gets one of them. */
export function combobox({ id, label, search, choose }) {
  const element = document.createElement('div')
  element.className = 'combobox'
  const input = Object.assign(document.createElement('input'), { type: 'text', id, autocomplete: 'off', placeholder: label })
  const list = Object.assign(document.createElement('ul'), { id: `${id}-options`, hidden: true })
  const names = { role: 'combobox', 'aria-label': label, 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id }
  for (const [name, value] of Object.entries(names)) input.setAttribute(name, value)
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', label)
  element.append(input, list)

  let found = []
  let active = -1
  let timer = 0
  let asked = 0
  let wanted = null // what Enter was pressed on before the answer came

  function mark(index) {
    active = index
    ;[...list.children].forEach((option, at) => option.setAttribute('aria-selected', at === active))
    if (active < 0) input.removeAttribute('aria-activedescendant')
    else {
      input.setAttribute('aria-activedescendant', list.children[active].id)
      list.children[active].scrollIntoView({ block: 'nearest' })
    }
  }

  function show(results) {
    found = results
    list.replaceChildren(...found.map((each, at) => optionFor(each, `${id}-option-${at}`)))
    list.hidden = found.length === 0
    input.setAttribute('aria-expanded', String(found.length > 0))
    mark(-1)
  }

  function take(one) {
    clearTimeout(timer)
    asked += 1
    wanted = null
    input.value = ''
    show([])
    choose(one)
    input.focus()
  }

  const exact = (term) => found.find(({ name, isNew }) => !isNew && name.toLowerCase() === term.toLowerCase())

  async function ask() {
    const term = input.value.trim()
    const number = ++asked
    const results = term ? await search(term) : []
    if (number !== asked) return
    show(results)
    if (wanted === term) enter()
    wanted = null
  }

  function enter() {
    const term = input.value.trim()
    const one = found[active] ?? exact(term) ?? (found.length === 1 && !found[0].isNew ? found[0] : null)
    if (one) take(one)
    else if (found.length === 0) wanted = term
    else mark(0)
  }

  input.addEventListener('input', () => {
    clearTimeout(timer)
    wanted = null
    show([])
    timer = setTimeout(ask, PAUSE)
  })
  input.addEventListener('keydown', (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (steps && found.length) mark((active + steps + found.length) % found.length)
    else if (event.key === 'Enter') enter() // never the form's button
    else if (event.key === 'Escape') show([])
    else return
    event.preventDefault()
  })
  list.addEventListener('mousedown', (event) => event.preventDefault()) // the field keeps the focus
  list.addEventListener('click', (event) => {
    const at = [...list.children].indexOf(event.target.closest('li'))
    if (at >= 0) take(found[at])
  })
  input.addEventListener('blur', () => show([]))
  return { element, input }
}
