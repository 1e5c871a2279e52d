// Ticks rows: Shift with a click ticks all from the last one on. “Set” chooses for the ticked rows on
// this page, so that one press of “Save” stores everything. Without this script it saves at once.

const form = document.querySelector('.categories form')

function boxes(root) {
  return [...root.querySelectorAll('[name="tick"]')]
}

function tickRanges() {
  let last = null
  form.addEventListener('click', (event) => {
    const box = event.target
    if (box.name !== 'tick') return
    if (event.shiftKey && last) {
      const all = boxes(form)
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b)
      for (const each of all.slice(from, to + 1)) each.checked = box.checked
    }
    last = box
  })
}

function addTickAll(section) {
  const all = boxes(section)
  if (all.length < 2) return
  const label = document.createElement('label')
  const box = document.createElement('input')
  box.type = 'checkbox'
  box.addEventListener('change', () => { for (const each of all) each.checked = box.checked })
  label.className = 'tick-all'
  label.append(box, ` Tick all ${all.length}`)
  section.querySelector('.rows').before(label)
}

function setTicked(event) {
  event.preventDefault()
  const bulk = form.elements.bulk
  const ticked = boxes(form).filter((box) => box.checked)
  for (const box of ticked) {
    box.closest('li').querySelector('select').value = bulk.value
    box.checked = false
  }
  for (const box of form.querySelectorAll('.tick-all input')) box.checked = false
  const name = bulk.selectedOptions[0].text
  form.querySelector('[role="status"]').textContent = ticked.length
    ? `${ticked.length} set to “${name}”. Save to store it.`
    : 'Tick rows first.'
}

if (form) {
  tickRanges()
  for (const section of form.querySelectorAll('section')) addTickAll(section)
  form.querySelector('[name="apply"]').addEventListener('click', setTicked)
}
