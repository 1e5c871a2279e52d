/* A button at each moment and episode of the page that adds it to the queue. */

import { loadPlayer } from "./play_controls.js";
import { itemOf, lineItem } from "./play_items.js";

const template = document.getElementById("enqueue");

/* What a row, a card or an episode's head plays; null without audio. */
function itemIn(element) {
  const line = element.querySelector(":scope > a[data-seconds]");
  if (line) return lineItem(line);
  const control = element.querySelector(":scope > [data-play]");
  return control && itemOf(control);
}

function draw() {
  for (const element of document.querySelectorAll("main :is(.topics:not(.my-moments) > li, .card, .listen)")) {
    if (element.querySelector(":scope > .enqueue") || element.closest(".transcript")) continue;
    const item = itemIn(element);
    if (!item) continue;
    const button = template.content.firstElementChild.cloneNode(true);
    button.setAttribute("aria-label", `Add ${item.label} to the queue`);
    element.append(button);
  }
}

async function press(button) {
  const { enqueue } = await loadPlayer();
  enqueue?.(itemIn(button.parentElement));
  button.classList.add("done");
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".enqueue");
  if (button) press(button);
});
document.addEventListener("page:shown", draw);
draw();
