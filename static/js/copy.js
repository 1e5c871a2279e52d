/* Buttons that copy the field they name. They stay hidden where nothing could be copied. */

function show() {
  for (const button of document.querySelectorAll("[data-copies]")) button.hidden = !navigator.clipboard;
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copies);
  const status = document.querySelector(`[data-copied="${field.id}"]`);
  try {
    await navigator.clipboard.writeText(field.value);
    status.textContent = "Copied.";
  } catch {
    field.select();
    status.textContent = "Your browser didn't let us. It is selected: copy it from there.";
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copies]");
  if (button) copy(button);
});
document.addEventListener("page:shown", show);
show();
