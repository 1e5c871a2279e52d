/* The star in the player: pressed while a starred moment plays. */

import { audio, episode, position } from "./audio.js";
import { PUBLIC } from "./stars.js";
import { starredAt } from "./starred_moments.js";

const button = document.querySelector("#player .star");
let drawn = ""; // episode and second

function draw() {
  if (!episode) return;
  button.hidden = !PUBLIC.test(episode.page);
  button.setAttribute("aria-pressed", Boolean(starredAt(episode, position())));
}

/* At most once a second: nothing changes in between. */
function drawTime() {
  const now = `${episode?.page} ${Math.floor(position())}`;
  if (now !== drawn) draw();
  drawn = now;
}

for (const event of ["episode", "sought"]) audio.addEventListener(event, draw);
audio.addEventListener("timeupdate", drawTime);
document.addEventListener("stars", draw);
addEventListener("storage", draw); // another tab's
draw();
