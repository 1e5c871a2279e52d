/* Buttons that copy a text's HTML as formatted text, and its plain version for whoever takes no
   formats. They stay hidden where the browser can't. */

async function copy(button) {
  const { copiesRich, plain } = button.dataset
  const blob = (id, type) => new Blob([document.getElementById(id).value], { type })
  const status = document.querySelector(`[data-copied="${plain}"]`)
  const item = { 'text/html': blob(copiesRich, 'text/html'), 'text/plain': blob(plain, 'text/plain') }
  try {
    await navigator.clipboard.write([new ClipboardItem(item)])
    status.textContent = 'Copied with its formats.'
  } catch {
    status.textContent = 'Your browser blocked copying. Copy the HTML or the plain text instead.'
  }
}

for (const button of document.querySelectorAll('[data-copies-rich]')) {
  button.hidden = !navigator.clipboard?.write || !globalThis.ClipboardItem
  button.addEventListener('click', () => copy(button))
}
