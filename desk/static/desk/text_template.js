/* A template's form: shows the text for an episode while it is written, and inserts placeholders. */

import { renewToken } from './writing/token.js'

const PAUSE = 300 // milliseconds after the last key

const preview = document.getElementById('template-preview')
const form = preview?.closest('form')
const box = form?.elements.text

function livePreview() {
  const button = form.querySelector('[name="_preview"]')
  const status = form.querySelector('[data-preview-status]')
  let timer = 0
  let latest

  async function update() {
    latest?.abort()
    latest = new AbortController()
    renewToken(form)
    const body = new FormData(form)
    body.set('_preview', '1')
    try {
      const response = await fetch(location.href, { method: 'POST', body, signal: latest.signal })
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      const fresh = page.getElementById(preview.id) // none if the session has ended
      if (fresh) preview.replaceChildren(...fresh.childNodes)
      status.textContent = fresh ? '' : 'The preview is out of date: you are signed out. Sign in in another tab.'
    } catch (error) {
      if (error.name !== 'AbortError') status.textContent = 'The preview is out of date: the desk doesn’t answer.'
    }
  }

  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(update, PAUSE)
  })
  if (button) button.hidden = true
}

/* As if it were typed, so that Undo takes it back. */
function insert(text) {
  box.focus()
  if (document.execCommand('insertText', false, text)) return
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end')
  box.dispatchEvent(new Event('input', { bubbles: true }))
}

function offerPlaceholders() {
  for (const code of form.querySelectorAll('.template-placeholders code')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(code.cloneNode(true))
    button.addEventListener('click', () => insert(code.textContent))
    code.replaceWith(button)
  }
  form.querySelector('[data-when-scripted]').hidden = false
}

/* Where the form doesn't know the original text, the server does. */
function offerOriginal() {
  const button = form.querySelector('[data-original]')
  button?.addEventListener('click', (event) => {
    event.preventDefault()
    box.select()
    insert(button.dataset.original)
  })
}

if (box) {
  livePreview()
  offerPlaceholders()
  offerOriginal()
}
