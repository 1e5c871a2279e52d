/* Buttons that copy a text's HTML as formatted text, and its plain version for whoever takes no
   formats. The browser's newer clipboard would take out what this page's policy forbids: the styles. */

function copy(button) {
  const { copiesRich, plain } = button.dataset
  const write = (event) => {
    event.clipboardData.setData('text/html', document.getElementById(copiesRich).value)
    event.clipboardData.setData('text/plain', document.getElementById(plain).value)
    event.preventDefault()
  }
  document.addEventListener('copy', write, { once: true })
  const isCopied = document.execCommand('copy')
  document.removeEventListener('copy', write)
  document.querySelector(`[data-copied="${plain}"]`).textContent = isCopied
    ? 'Copied with its formats.'
    : 'Your browser blocked copying. Copy the HTML or the plain text instead.'
}

for (const button of document.querySelectorAll('[data-copies-rich]')) {
  button.hidden = false
  button.addEventListener('click', () => copy(button))
}
