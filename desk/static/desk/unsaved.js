/* What was typed and the server hasn't saved, stored in this browser until it has. Each user has
   their own, by the page's path and an id, as a page may be open in two tabs. */

const PREFIX = 'desk-unsaved'
const LIFETIME = 14 * 24 * 60 * 60 * 1000 // milliseconds
const SAVED = 'desk_saved' // the cookie with the ids that the server has saved (desk/unsaved.py)

const notice = document.getElementById('unsaved')
const restoreButton = document.getElementById('restore')
const discardButton = document.getElementById('discard')

export const keyOf = (path, id) => [PREFIX, notice.dataset.user, path, id].join(' ')

/* False if it failed, as for notes of several megabytes. */
export function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), value }))
    return true
  } catch {
    return false
  }
}

/* Forget it: the server has it, or nobody wants it. */
export function clear(key) {
  try {
    localStorage.removeItem(key)
  } catch {
    // Without storage there is nothing to remove.
  }
}

export const idOf = (key) => key.split(' ').at(-1)

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX} `))
  } catch {
    return []
  }
}

/* Forget all that this user typed; without a user, whose session had ended, everyone's. */
export function clearOf(user) {
  const beginning = user ? `${PREFIX} ${user} ` : PREFIX
  keys().filter((key) => key.startsWith(beginning)).forEach(clear)
}

function read(key) {
  try {
    return { key, ...JSON.parse(localStorage.getItem(key)) }
  } catch {
    return { key, at: 0 }
  }
}

/* What is stored of a form is forgotten with each save of it; what another tab stored later stays. */
function clearSavedAndOld() {
  const saved = document.cookie.match(`(?:^|; )${SAVED}=([^;]*)`)?.[1].split('.') ?? []
  for (const key of keys().filter((each) => saved.includes(idOf(each)))) {
    const { at } = read(key)
    const form = key.slice(0, -idOf(key).length)
    keys().filter((each) => each.startsWith(form) && read(each).at <= at).forEach(clear)
    clear(key)
  }
  for (const key of keys()) if (read(key).at < Date.now() - LIFETIME) clear(key)
  if (saved.length) document.cookie = `${SAVED}=; Max-Age=0; Path=/admin/`
}

/* What this user typed at this path, the newest first: `{ key, at, value }`. */
export function stored(path) {
  clearSavedAndOld()
  const beginning = keyOf(path, '')
  return keys().filter((key) => key.startsWith(beginning)).map(read).sort((a, b) => b.at - a.at)
}

/* Whether anyone typed something at this path that isn't saved; for the page to sign in. */
export const hasStored = (path) => keys().map(read).some(({ key, value }) => key.split(' ')[2] === path && value?.length !== 0)

function timeOf(at) {
  const isToday = new Date(at).toDateString() === new Date().toDateString()
  const style = isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }
  return new Date(at).toLocaleString('en-GB', style)
}

/* Offer the newest; the others are forgotten. `field()` gets the focus once it is discarded. */
export function offer([draft, ...others], onRestore, field) {
  notice.hidden = !draft
  if (!draft) return
  for (const { key } of others) clear(key)
  restoreButton.textContent = `Restore what you typed at ${timeOf(draft.at)}`
  restoreButton.onclick = () => {
    notice.hidden = true
    onRestore(draft)
  }
  discardButton.onclick = () => {
    clear(draft.key)
    notice.hidden = true
    field()?.focus()
  }
}
