/* A template's form: shows the text for an episode while it is written, and inserts placeholders. */

import { renewToken } from './writing/token.js'

const PAUSE = 300 // milliseconds after the last key

const preview = document.getElementById('template-preview')
const form = preview?.closest('form')
const box = form?.elements.text

/* The form as the server shows it again after a press of this button, which saves nothing. */
async function answerTo(button, signal) {
  renewToken(form)
  const body = new FormData(form)
  body.set(button, '1')
  const response = await fetch(location.href, { method: 'POST', body, signal })
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  if (!page.getElementById(preview.id)) throw new Error('you are signed out. Sign in in another tab.')
  return page
}

function livePreview() {
  const button = form.querySelector('[name="_preview"]')
  const status = form.querySelector('[data-preview-status]')
  let timer = 0
  let latest

  async function update() {
    latest?.abort()
    latest = new AbortController()
    try {
      const page = await answerTo('_preview', latest.signal)
      preview.replaceChildren(...page.getElementById(preview.id).childNodes)
      status.textContent = ''
    } catch (error) {
      if (error.name !== 'AbortError') status.textContent = `The preview is out of date: ${reason(error)}`
    }
  }

  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(update, PAUSE)
  })
  if (button) button.hidden = true
}

const reason = (error) => error instanceof TypeError ? 'the desk doesn’t answer.' : error.message

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

function offerOriginal() {
  const button = form.querySelector('[name="_original"]')
  const status = button.parentElement.querySelector('[role="status"]')
  button.addEventListener('click', async (event) => {
    event.preventDefault()
    try {
      const page = await answerTo('_original')
      const original = page.getElementById(box.id).value
      box.select()
      insert(original)
      status.textContent = 'This is the original text. It isn’t saved yet.'
    } catch (error) {
      status.textContent = `The original text isn’t there: ${reason(error)}`
    }
  })
}

if (box) {
  livePreview()
  offerPlaceholders()
  offerOriginal()
}
