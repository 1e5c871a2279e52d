/* The fields of a change form that differ from what the server rendered, as values for JSON. Rows
   of a formset are found again by their keys: others may have added or deleted some meanwhile. */

const SECRET_OR_FILE = new Set(['password', 'file'])
const BASE = /(?:^|-)(?:edit_seen|values_seen|seen)$/ // what the form was rendered with

const isTicked = (field) => field.type === 'checkbox' || field.type === 'radio'

function isTyped(field) {
  if (!field.name || field.name.startsWith('_') || !field.matches('input, select, textarea') || SECRET_OR_FILE.has(field.type)) return false
  if (field.name.includes('__prefix__')) return false // the row that new ones are made of
  return field.type !== 'hidden' || BASE.test(field.name) || field.name.endsWith('-place')
}

const optionsOf = (options) => options.filter((each) => each.value).map((each) => [each.value, each.text])

function valueOf(field) {
  if (isTicked(field)) return field.checked
  return field.matches('select') ? optionsOf([...field.selectedOptions]) : field.value
}

function renderedValueOf(field) {
  if (isTicked(field)) return field.defaultChecked
  if (field.type === 'hidden') return '' // a place: its default value is the present one
  if (!field.matches('select')) return field.defaultValue
  const options = [...field.options]
  const selected = options.filter((each) => each.defaultSelected)
  return optionsOf(selected.length || field.multiple ? selected : options.slice(0, 1))
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other)
const isEmpty = (value) => value === '' || value === false || value.length === 0

/* A field's formset, row and name there; those of the form itself have no formset. */
function placeOf(form, field) {
  const name = isTicked(field) ? `${field.name}=${field.value}` : field.name
  const [, prefix, index, own] = name.match(/^(.+)-(\d+)-(.+)$/s) ?? []
  const isRow = prefix && form.elements[`${prefix}-TOTAL_FORMS`]
  return isRow ? { prefix, index: Number(index), name: own } : { prefix: '', index: 0, name }
}

const keyOf = (form, prefix, index) => form.elements[`${prefix}-${index}-id`]?.value ?? ''

/* “Topics, row 3: Title”, for who can only copy it. */
function labelOf(field) {
  const text = (element) => element?.textContent.trim().replace(/:$/, '')
  const row = field.closest('tbody')?.querySelectorAll(':scope > tr.form-row:not(.empty-form)')
  const heading = text(field.closest('.inline-group')?.querySelector('.inline-heading') ?? field.closest('.guest-card')?.querySelector('h3, legend'))
  const place = [heading, row && `row ${[...row].indexOf(field.closest('tr')) + 1}`].filter(Boolean).join(', ')
  return [place, text(field.labels?.[0]) || field.closest('td')?.dataset.label || field.getAttribute('aria-label')].filter(Boolean).join(': ')
}

/* The changed rows, `{ prefix, index, key, fields, labels, before }`, where `before` has the values that the
   server rendered, without which a refused form does; the form's own fields come first, without a prefix. A form that was refused shows values that aren't saved: `isRefused` takes all of them.
   Null if nothing differs. */
export function changesOf(form, isRefused) {
  const rows = new Map([[' 0', { prefix: '', index: 0, key: '', fields: {}, labels: {}, before: {} }]])
  const changed = new Set()
  for (const field of [...form.elements].filter(isTyped)) {
    const { prefix, index, name } = placeOf(form, field)
    const [id, key, value] = [`${prefix} ${index}`, keyOf(form, prefix, index), valueOf(field)]
    const isStored = isRefused ? !prefix || key || !isEmpty(value) : !isSame(value, renderedValueOf(field))
    if (!isStored && !BASE.test(name)) continue
    rows.set(id, rows.get(id) ?? { prefix, index, key, fields: {}, labels: {}, before: {} })
    rows.get(id).fields[name] = value
    if (isStored) rows.get(id).labels[name] = labelOf(field)
    if (!isRefused && isStored) rows.get(id).before[name] = renderedValueOf(field)
    if (isStored && !BASE.test(name) && (name !== 'place' || key)) changed.add(id)
  }
  return changed.size ? [...rows].filter(([id, { prefix }]) => !prefix || changed.has(id)).map(([, row]) => row) : null
}

function fieldsOf(form) {
  const found = new Map()
  for (const field of [...form.elements].filter(isTyped)) {
    const { prefix, index, name } = placeOf(form, field)
    found.set(`${prefix} ${index} ${name}`, field)
  }
  return found
}

const isUntouched = (field) => isSame(valueOf(field), renderedValueOf(field)) || field.name.endsWith('-place')

/* The row with this key; for a new one, or one that is gone, a blank row, which may be added. */
function rowFor(form, { prefix, key }, taken) {
  const total = () => Number(form.elements[`${prefix}-TOTAL_FORMS`]?.value ?? 0)
  const indices = [...Array(total()).keys()].filter((index) => !taken.has(`${prefix} ${index}`))
  const same = key ? indices.find((index) => keyOf(form, prefix, index) === key) : undefined
  if (same !== undefined) return same
  const fields = [...fieldsOf(form)]
  const isBlank = (index) => fields.every(([id, field]) => !id.startsWith(`${prefix} ${index} `) || isUntouched(field))
  const blank = indices.find((index) => !keyOf(form, prefix, index) && isBlank(index))
  if (blank !== undefined) return blank
  const before = total()
  document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`)?.click()
  return total() > before ? before : undefined
}

function fill(field, value) {
  if (isTicked(field)) field.checked = value
  else if (!field.matches('select')) field.value = value
  else {
    const options = [...field.options]
    for (const option of options) option.selected = false
    for (const [key, text] of value) {
      const option = options.find((each) => each.value === key) ?? field.appendChild(new Option(text, key))
      option.selected = true
    }
  }
}

/* Whether somebody saved another value meanwhile where these changes were typed: only then the
   server has to compare with what the changes were typed over. */
function isOvertaken(form, changes) {
  const fields = fieldsOf(form)
  const indexOf = ({ prefix, key }) => {
    if (!prefix) return 0
    const total = Number(form.elements[`${prefix}-TOTAL_FORMS`]?.value ?? 0)
    return [...Array(total).keys()].find((index) => keyOf(form, prefix, index) === key)
  }
  return changes.filter(({ prefix, key }) => !prefix || key).some((row) => {
    const index = indexOf(row)
    return Object.keys(row.fields).filter((name) => !BASE.test(name)).some((name) => {
      const field = fields.get(`${row.prefix} ${index} ${name}`)
      return !field || !(name in (row.before ?? {})) || !isSame(renderedValueOf(field), row.before[name])
    })
  })
}

/* Fill the changes in, open what hides them, and return their fields. */
export function restoreChanges(form, changes) {
  const isBaseNeeded = isOvertaken(form, changes)
  const taken = new Set()
  const filled = []
  for (const row of changes) {
    const index = row.prefix ? rowFor(form, row, taken) : 0
    if (index === undefined) continue
    taken.add(`${row.prefix} ${index}`)
    const fields = fieldsOf(form)
    for (const [name, value] of Object.entries(row.fields)) {
      const field = fields.get(`${row.prefix} ${index} ${name}`)
      if (!field || isSame(valueOf(field), value) || (BASE.test(name) && !isBaseNeeded)) continue
      fill(field, value)
      filled.push(field)
    }
  }
  form.dispatchEvent(new Event('desk:restored'))
  for (const field of filled) {
    const fold = field.closest('details')
    if (fold) fold.open = true
    field.dispatchEvent(new Event('input', { bubbles: true }))
    field.dispatchEvent(new Event('change', { bubbles: true }))
  }
  return filled
}

/* Whether the form shows all of the changes that it has fields for, so that there is nothing to
   restore: the card of a guest may be gone. */
export function showsChanges(form, changes) {
  const fields = fieldsOf(form)
  return changes.every((row) => Object.entries(row.fields).every(([name, value]) => {
    if (BASE.test(name)) return true
    const isRowThere = !row.prefix || (row.key && keyOf(form, row.prefix, row.index) === row.key)
    const field = fields.get(`${row.prefix} ${row.index} ${name}`)
    if (!row.prefix && !field) return true
    return isRowThere && field && isSame(valueOf(field), value)
  }))
}
