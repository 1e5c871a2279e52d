/* Buttons at each moment of the page that add it to the queue and share it; of episodes, the first one. */

import { announce } from "./announce.js";
import { loadPlayer } from "./play_controls.js";
import { itemOf, lineItem } from "./play_items.js";
import { PUBLIC } from "./stars.js";

const [enqueueTemplate, shareTemplate] = ["enqueue", "share-moment"].map((id) => document.getElementById(id));

/* What a row, a card or an episode's head plays; null without audio. */
function itemIn(element) {
  const line = element.querySelector(":scope > a[data-seconds]");
  if (line) return lineItem(line);
  const control = element.querySelector(":scope > [data-play]");
  return control && itemOf(control);
}

function copyOf(template, label) {
  const button = template.content.firstElementChild.cloneNode(true);
  button.setAttribute("aria-label", label);
  return button;
}

function draw() {
  for (const element of document.querySelectorAll("main :is(.topics:not(.my-moments) > li, .card, .listen)")) {
    if (element.querySelector(":scope > .enqueue") || element.closest(".transcript")) continue;
    const item = itemIn(element);
    if (!item) continue;
    element.append(copyOf(enqueueTemplate, `Add ${item.label} to the queue`));
    if (element.matches("li") && item.at !== null && PUBLIC.test(item.episode.page)) element.append(copyOf(shareTemplate, `Share ${item.label}`));
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
  const sharing = target.closest(".share-moment");
  if (sharing) import("./share_moment.js").then(({ shareMoment }) => shareMoment(sharing, itemIn(sharing.parentElement)), () => announce("This can't be loaded"));
});
document.addEventListener("page:shown", draw);
draw();
