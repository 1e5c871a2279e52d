// Uploads the recording with a progress bar. Without this script the browser submits the form.

const form = document.getElementById('recording')
const field = form.elements.file
const bar = document.getElementById('progress')
const progressText = document.getElementById('progress-text')
const status = document.getElementById('upload-status')
const errorList = document.getElementById('upload-errors')
const buttons = [...form.querySelectorAll('button[type="submit"]')]
const MEGABYTE = 1024 * 1024

const megabytes = (bytes) => `${(bytes / MEGABYTE).toFixed(1)} MB`

function setUploading(isUploading) {
  bar.parentElement.hidden = !isUploading
  for (const button of buttons) button.disabled = isUploading
}

function stop(errors) {
  setUploading(false)
  status.textContent = ''
  errorList.replaceChildren(...errors.map((error) => {
    const item = document.createElement('li')
    item.textContent = error
    return item
  }))
  errorList.hidden = errors.length === 0
}

function onProgress(event) {
  if (!event.lengthComputable) return
  bar.value = event.loaded / event.total
  progressText.textContent = `${megabytes(event.loaded)} of ${megabytes(event.total)}`
  if (event.loaded === event.total) status.textContent = 'Upload complete. The server is reading and storing it…'
}

function onLoad(request) {
  const { location, errors } = request.response ?? {}
  if (location) window.location.assign(location)
  else if (errors) stop(errors)
  else stop([`The server refused the upload (${request.status}). Nothing was changed; please try again.`])
}

function upload() {
  const request = new XMLHttpRequest()
  request.open('POST', form.action)
  request.setRequestHeader('Accept', 'application/json')
  request.responseType = 'json'
  request.upload.addEventListener('progress', onProgress)
  request.addEventListener('load', () => onLoad(request))
  request.addEventListener('error', () => stop(['The connection was lost. Nothing was changed; please try again.']))
  request.addEventListener('abort', () => stop([]))
  document.getElementById('cancel').onclick = () => request.abort()
  stop([])
  bar.value = 0
  progressText.textContent = ''
  setUploading(true)
  status.textContent = 'Uploading the recording…'
  request.send(new FormData(form))
}

// Choosing a file starts the upload.
document.getElementById('uploads-at-once').hidden = false
field.addEventListener('change', () => {
  if (field.files.length) form.requestSubmit()
})

form.addEventListener('submit', (event) => {
  const [file] = field.files
  if (!file) return
  event.preventDefault()
  const largest = Number(form.dataset.largest)
  if (file.size > largest) stop([`This file has ${megabytes(file.size)}. The limit is ${megabytes(largest)}.`])
  else upload()
})

// The browser's Back button may restore the page in the middle of an upload.
window.addEventListener('pageshow', () => setUploading(false))
