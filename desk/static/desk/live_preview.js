// Shows what a form would do while it is filled in: its GET answer's part named by data-live.

for (const form of document.querySelectorAll('form[data-live]')) {
  const preview = form.querySelector(form.dataset.live)
  let latest

  async function update() {
    latest?.abort()
    latest = new AbortController()
    const query = new URLSearchParams(new FormData(form))
    query.delete('csrfmiddlewaretoken')
    try {
      const response = await fetch(`?${query}`, { signal: latest.signal })
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      const fresh = page.querySelector(form.dataset.live) // none if the session has ended
      if (fresh) preview.replaceChildren(...fresh.childNodes)
    } catch (error) {
      if (error.name !== 'AbortError') throw error // the form still works without a preview
    }
  }

  form.addEventListener('input', update)
  if (form.querySelector(':checked')) update() // Back: the browser has filled the form in
}
