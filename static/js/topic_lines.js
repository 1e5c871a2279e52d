/* The lines of an episode's page: its topics, or the passages of its transcript. */

import { episode, SEEK_TOLERANCE } from "./audio.js";

let lines = []; // { seconds, item }, by time

/* The play button of the page's episode, if it has audio. */
export function mainButton() {
  return document.querySelector("main .listen [data-play]");
}

/* Whether the player has the episode that the lines are of. */
export function isOfPage() {
  return Boolean(episode && lines.length) && episode.page === mainButton()?.dataset.play;
}

/* The line at these seconds, undefined before the first. */
export function lineAt(seconds) {
  return lines.findLast((line) => line.seconds <= seconds + SEEK_TOLERANCE);
}

/* Mark this line, or none. */
export function mark(line) {
  for (const each of document.querySelectorAll(":is(.topics, .timeline) [aria-current]")) each.removeAttribute("aria-current");
  document.querySelector(".timeline .now")?.remove();
  if (!line) return;
  line.item.setAttribute("aria-current", "true");
  document.querySelector(`.timeline [data-seconds="${line.seconds}"]`)?.setAttribute("aria-current", "true");
}

function prepare() {
  lines = Array.from(document.querySelectorAll("main .topics > li[id^='t-']"), (item) => (
    { seconds: Number(item.id.slice(2)), item }));
}

document.addEventListener("page:shown", prepare);
prepare();
