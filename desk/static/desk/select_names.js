// Select2 leaves its own controls without the name that the field's label has.

function name(select) {
  const words = select.labels[0]?.textContent.trim().replace(/:$/, '') || select.getAttribute('aria-label')
  const shown = select.parentElement.querySelector('.select2-selection')
  if (!words || !shown) return
  shown.removeAttribute('aria-labelledby')
  for (const part of [shown, shown.querySelector('[role="textbox"]')]) part?.setAttribute('aria-label', words)
}

function nameAll(root) {
  for (const select of root.querySelectorAll('select.admin-autocomplete')) name(select)
}

window.django?.jQuery?.(() => nameAll(document)) // after Django's own, which makes the controls
document.addEventListener('formset:added', (event) => setTimeout(() => nameAll(event.target)))
