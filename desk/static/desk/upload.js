// Sends the recording with a bar that shows how far it is. Without this script the form sends it
// by itself, and the browser shows as much as it likes to.

const form = document.getElementById('recording')
const field = form.elements.file
const bar = document.getElementById('sent')
const words = document.getElementById('sent-words')
const status = document.getElementById('sending')
const refused = document.getElementById('refused')
const buttons = [...form.querySelectorAll('button[type="submit"]')]
const MEGABYTE = 1024 * 1024

const megabytes = (bytes) => `${(bytes / MEGABYTE).toFixed(1)} MB`

function show(sending) {
  bar.parentElement.hidden = !sending
  for (const button of buttons) button.disabled = sending
}

function refuse(reasons) {
  show(false)
  status.textContent = ''
  refused.replaceChildren(...reasons.map((reason) => {
    const line = document.createElement('li')
    line.textContent = reason
    return line
  }))
  refused.hidden = reasons.length === 0
}

function progress(event) {
  if (!event.lengthComputable) return
  bar.value = event.loaded / event.total
  words.textContent = `${megabytes(event.loaded)} of ${megabytes(event.total)}`
  if (event.loaded === event.total) status.textContent = 'All of it is sent. It is being read and stored…'
}

function answer(request) {
  const { location, errors } = request.response ?? {}
  if (location) window.location.assign(location)
  else if (errors) refuse(errors)
  else refuse([`The server did not take it (${request.status}). Nothing was changed; please try again.`])
}

function send() {
  const request = new XMLHttpRequest()
  request.open('POST', form.action)
  request.setRequestHeader('Accept', 'application/json')
  request.responseType = 'json'
  request.upload.addEventListener('progress', progress)
  request.addEventListener('load', () => answer(request))
  request.addEventListener('error', () => refuse(['The connection broke off. Nothing was changed; please try again.']))
  request.addEventListener('abort', () => refuse([]))
  document.getElementById('stop').onclick = () => request.abort()
  refuse([])
  bar.value = 0
  words.textContent = ''
  show(true)
  status.textContent = 'Sending the recording…'
  request.send(new FormData(form))
}

// A file is chosen to be handed in: that needs no second press.
document.getElementById('sends').hidden = false
field.addEventListener('change', () => {
  if (field.files.length) form.requestSubmit()
})

form.addEventListener('submit', (event) => {
  const [file] = field.files
  if (!file) return
  event.preventDefault()
  const largest = Number(form.dataset.largest)
  if (file.size > largest) refuse([`This file has ${megabytes(file.size)}; at most ${megabytes(largest)} can be sent.`])
  else send()
})

// Who comes back by the browser's own button finds the form ready again.
window.addEventListener('pageshow', () => show(false))
