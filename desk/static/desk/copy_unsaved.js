// Shows what this user typed at this address and can't save any more, so that it can be copied.

import { clear, stored } from './unsaved.js'

const BASE = /(?:^|-)(?:edit_seen|values_seen|seen|place)$/ // not typed
const sayValue = (value) => {
  if (Array.isArray(value)) return value.map(([, text]) => text).join(', ')
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value
}

function linesOf({ fields, labels = {} }) {
  return Object.entries(fields).filter(([name]) => !BASE.test(name)).map(([name, value]) => `${labels[name] ?? name}: ${sayValue(value)}`)
}

const textOf = ({ value }) => Array.isArray(value) ? value.flatMap(linesOf).join('\n\n') : value?.text ?? ''

const notice = document.getElementById('unsaved')
const box = document.getElementById('unsaved-text')
const typed = stored(location.pathname)
box.value = typed.map(textOf).filter(Boolean).join('\n\n')
notice.hidden = !box.value || box.value === document.getElementById('typed')?.value
document.getElementById('discard').addEventListener('click', () => {
  typed.forEach(({ key }) => clear(key))
  notice.hidden = true
})
