/* “Continue listening” on the home page, and in topic strips how far they were played. The module blocks
   rendering of the home page, so that nothing shifts; it imports little. */

import { positions } from "./position_store.js";
import { clock } from "./times.js";

const MOST = 3;

function minutesLeft(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return `${minutes < 60 ? "" : `${Math.floor(minutes / 60)} h `}${minutes % 60} min left`;
}

function drawStrips() {
  const begun = positions();
  for (const strip of document.querySelectorAll("[data-strip]")) {
    const { dataset, lastElementChild: time } = strip;
    const at = Math.min(begun.get(dataset.strip)?.at ?? 0, dataset.length);
    dataset.whole ??= time.textContent;
    strip.querySelector(".played").setAttribute("width", Math.round(1000 * at / dataset.length)); // of its viewBox
    time.textContent = at ? minutesLeft(dataset.length - at) : dataset.whole;
  }
}

function draw() {
  drawStrips();
  const section = document.querySelector("[data-continue]");
  if (!section) return;
  // The newest episode has its own button.
  const newest = document.querySelector("main .listen [data-play]")?.dataset.play;
  const started = [...positions().values()].filter((each) => each?.title && each.page !== newest);
  section.querySelector("ul").replaceChildren(...started.slice(-MOST).reverse().map((each) => item(section, each)));
  section.hidden = !started.length;
}

function item(section, { page, at, ...episode }) {
  const each = section.querySelector("template").content.cloneNode(true);
  const time = clock(at);
  each.querySelector("a").href = page;
  each.querySelector(".time").textContent = time;
  each.querySelector("[dir]").textContent = episode.title;
  const button = each.querySelector("button");
  Object.assign(button.dataset, episode, { play: page });
  button.setAttribute("aria-label", `Continue ${episode.title} at ${time}`);
  return each;
}

document.addEventListener("page:shown", draw);
document.addEventListener("position:stored", drawStrips);
draw();
