/* Fills the topic strips of episodes that this device has begun to play, and states what is left. */

import { positions } from "./position_store.js";

const WIDTH = 1000; // units of the strip's viewBox

function left(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const hours = Math.floor(minutes / 60);
  return `${hours ? `${hours} h ` : ""}${minutes % 60} min left`;
}

function draw() {
  const begun = positions();
  for (const strip of document.querySelectorAll("[data-strip]")) {
    const [length, time] = [Number(strip.dataset.length), strip.querySelector("time")];
    const at = Math.min(begun.get(strip.dataset.strip)?.at ?? 0, length);
    strip.dataset.whole ??= time.textContent;
    strip.querySelector(".played").setAttribute("width", Math.round(WIDTH * at / length));
    time.textContent = at ? left(length - at) : strip.dataset.whole;
  }
}

for (const event of ["page:shown", "position:stored"]) document.addEventListener(event, draw);
draw();
