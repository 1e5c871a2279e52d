/* “Continue listening” on the home page. The module blocks rendering, so that nothing shifts; it
   imports little. */

import { positions } from "./position_store.js";
import { clock } from "./times.js";

const MOST = 3;

function draw() {
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
draw();
