// Buttons that move a guest's card up and down. Without this script the order stays as it is.

const cards = document.querySelector('.guest-cards')
const placeOf = (card) => card.querySelector('input[name$="-place"]')

function writePlaces() {
  [...cards.children].forEach((card, index) => {
    const place = placeOf(card)
    if (place) place.value = index
  })
}

function move(card, by) {
  const other = by < 0 ? card.previousElementSibling : card.nextElementSibling
  if (!other) return
  if (by < 0) other.before(card)
  else other.after(card)
  writePlaces()
}

function button(card, label, sign, by) {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = 'move-row'
  made.title = label
  made.setAttribute('aria-label', `${label}: ${card.querySelector('h3').textContent.trim()}`)
  made.textContent = sign
  made.addEventListener('click', () => {
    move(card, by)
    made.focus()
  })
  return made
}

const movable = [...cards.children].filter(placeOf)
// A form that comes back with errors, or is restored, lists cards as they were, not as moved.
function restoreOrder() {
  const place = (card) => Number(placeOf(card).value || movable.length)
  movable.sort((a, b) => place(a) - place(b))
  cards.append(...movable)
}
restoreOrder()
cards.closest('form').addEventListener('desk:restored', restoreOrder)
if (movable.length > 1) {
  for (const card of movable) {
    card.querySelector('.guest-buttons').append(button(card, 'Move up', '↑', -1), button(card, 'Move down', '↓', 1))
  }
}
