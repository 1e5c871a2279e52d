/* Buttons that copy the field they name, or share the URL in it. They stay hidden where the browser
   can't. */

function show() {
  for (const button of document.querySelectorAll("[data-copies]")) button.hidden = !navigator.clipboard;
  for (const button of document.querySelectorAll("[data-shares]")) button.hidden = !navigator.share;
}

function share(button) {
  const { shares } = button.dataset;
  navigator.share({ title: document.title, url: document.getElementById(shares).value }).catch((error) => {
    if (error.name !== "AbortError") copy(shares); // else they cancelled
  });
}

async function copy(name) {
  const field = document.getElementById(name);
  const status = document.querySelector(`[data-copied="${field.id}"]`);
  try {
    await navigator.clipboard.writeText(field.value);
    status.textContent = "Copied.";
  } catch {
    field.select();
    status.textContent = "Your browser blocked copying. It is selected: copy it by hand.";
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copies]");
  if (button) copy(button.dataset.copies);
  const sharing = event.target.closest("[data-shares]");
  if (sharing) share(sharing);
});
document.addEventListener("page:shown", show);
show();
