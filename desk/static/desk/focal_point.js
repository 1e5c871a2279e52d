/* Moves the square that pages show of a picture: by dragging, by arrow keys, or by typing into the
   two fields, which work without this script. Shows it in the sizes of pages. */

const ABOVE = 1 / 6 // of what a portrait is higher than wide, as in media/renditions.py
const LARGEST = 320 // pixels, of the picture in the form
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

const within = (value, least, most) => Math.min(Math.max(value, least), most)

async function loaded(source) {
  if (source instanceof File) return createImageBitmap(source)
  const image = new Image()
  image.src = source
  await image.decode()
  return image
}

class Square {
  constructor(field, x, y) {
    [this.field, this.x, this.y] = [field, x, y]
    this.canvas = element('canvas', {})
    this.handle = element('button', { type: 'button', className: 'focal-picture' }, this.canvas)
    this.handle.setAttribute('aria-label', 'The square: drag it, or move it with the arrow keys')
    this.status = element('p', { className: 'focal-status', role: 'status' })
    this.previews = field.dataset.sizes.split(' ').map((size) => {
      const made = element('canvas', { width: 2 * size, height: 2 * size })
      made.style.width = made.style.height = `${size}px`
      return made
    })
    const reset = element('button', { type: 'button', className: 'button', textContent: 'Use the proposed square' })
    const shown = element('div', { className: 'focal-previews' }, ...this.previews)
    shown.setAttribute('role', 'img')
    shown.setAttribute('aria-label', 'The square in the sizes of pages')
    this.box = element('div', { className: 'focal', hidden: true }, this.handle, element('div', {}, shown, this.status, reset))
    this.open = element('button', { type: 'button', className: 'button focal-open', textContent: 'Move the square', hidden: !field.dataset.picture })
    field.closest('.file-field').append(this.open, this.box)

    this.open.addEventListener('click', () => this.show(field.dataset.picture))
    field.addEventListener('change', () => this.showChosen())
    reset.addEventListener('click', () => this.write('', ''))
    this.handle.addEventListener('keydown', (event) => this.onKey(event))
    this.handle.addEventListener('pointerdown', (event) => {
      this.handle.setPointerCapture(event.pointerId)
      this.onPointer(event)
    })
    this.handle.addEventListener('pointermove', (event) => { if (event.buttons) this.onPointer(event) })
    for (const input of [x, y]) input.addEventListener('input', () => this.onInput())
    this.onInput()
  }

  /* The fields are shown only while there is something to type into them. */
  onInput() {
    const isUsed = this.picture || this.x.value || this.y.value
    for (const input of [this.x, this.y]) {
      const row = input.closest('.form-row')
      row.hidden = !isUsed && !row.querySelector('.errorlist')
    }
    if (this.picture) this.draw()
  }

  showChosen() {
    this.write('', '') // another picture has another square
    const [file] = this.field.files
    if (file) this.show(file)
    else this.hide()
  }

  hide() {
    this.picture = null
    this.onInput()
    this.box.hidden = true
    this.open.hidden = !this.field.dataset.picture
  }

  async show(source) {
    try {
      this.picture = await loaded(source)
    } catch { // no picture, or none that browsers show: the server says so
      this.hide()
      return
    }
    this.open.hidden = true
    this.box.hidden = false
    this.onInput()
    if (!(source instanceof File)) this.handle.focus()
  }

  get size() {
    return [this.picture.naturalWidth ?? this.picture.width, this.picture.naturalHeight ?? this.picture.height]
  }

  /* Left and upper edge of the square, and its side, in the picture's pixels. */
  get square() {
    const [width, height] = this.size
    const side = Math.min(width, height)
    if (!this.x.value && !this.y.value) return [(width - side) / 2, (height - side) * ABOVE, side]
    const edge = (length, share) => within(length * (share === '' ? 50 : Number(share)) / 100 - side / 2, 0, length - side)
    return [edge(width, this.x.value), edge(height, this.y.value), side]
  }

  write(x, y) {
    [this.x.value, this.y.value] = [x, y]
    for (const input of [this.x, this.y]) input.dispatchEvent(new Event('input', { bubbles: true }))
  }

  /* Move the square's middle to this point of the picture, as far as its edges allow. */
  moveTo(x, y) {
    const [width, height] = this.size
    const half = Math.min(width, height) / 2
    const share = (at, length) => Math.round(within(at, half, length - half) / length * 100)
    this.write(share(x, width), share(y, height))
  }

  onKey(event) {
    const step = STEPS[event.key]
    if (!step) return
    event.preventDefault()
    const [left, top, side] = this.square
    const [width, height] = this.size
    const by = event.shiftKey ? 0.1 : 0.01
    this.moveTo(left + side / 2 + step[0] * by * width, top + side / 2 + step[1] * by * height)
  }

  onPointer(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect()
    const [full, high] = this.size
    this.moveTo((event.clientX - left) / width * full, (event.clientY - top) / height * high)
  }

  draw() {
    const [width, height] = this.size
    const [left, top, side] = this.square
    const scale = LARGEST / Math.max(width, height)
    Object.assign(this.canvas, { width: Math.round(width * scale), height: Math.round(height * scale) })
    const pen = this.canvas.getContext('2d')
    pen.drawImage(this.picture, 0, 0, this.canvas.width, this.canvas.height)
    pen.fillStyle = 'rgb(0 0 0 / 60%)'
    pen.fillRect(0, 0, this.canvas.width, this.canvas.height)
    pen.drawImage(this.picture, left, top, side, side, left * scale, top * scale, side * scale, side * scale)
    for (const preview of this.previews) {
      preview.getContext('2d').drawImage(this.picture, left, top, side, side, 0, 0, preview.width, preview.height)
    }
    const percent = (at, length) => Math.round((at + side / 2) / length * 100)
    const proposed = this.x.value || this.y.value ? '' : ' (proposed)'
    this.status.textContent = `Middle: ${percent(left, width)} % from the left, ${percent(top, height)} % from the top${proposed}.`
  }
}

for (const field of document.querySelectorAll('input[type="file"][data-sizes]')) {
  const [x, y] = ['focal_x', 'focal_y'].map((name) => field.form?.elements[field.name.replace(/[^-]+$/, name)])
  if (x && y) new Square(field, x, y)
}
