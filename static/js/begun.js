/* Home offers to go on with what this device has begun. The page waits for this module before it is
   drawn, so that nothing moves: it needs few others. */

import { readMap } from "./storage.js";
import { clock } from "./times.js";

const MOST = 3;

function draw() {
  const section = document.querySelector("[data-begun]");
  if (!section) return;
  // The newest has a button of its own, which says so.
  const newest = document.querySelector("main .listen [data-play]")?.dataset.play;
  const begun = [...readMap("positions").values()].filter((each) => each?.title && each.page !== newest);
  section.querySelector("ul").replaceChildren(...begun.slice(-MOST).reverse().map((each) => item(section, each)));
  section.hidden = !begun.length;
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
