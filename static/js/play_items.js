/* What play controls play. */

import { mainButton } from "./topic_lines.js";
import { clock } from "./times.js";

export const MOMENTS = ".moment [data-play][data-at]";

/* The episode of a play control; see audio.js. */
export function episodeOf({ dataset }) {
  const { audio, play: page, title, number, length, captions, hosted, artwork } = dataset;
  return { audio, page, title, number, length: Number(length) || 0, captions, hosted, artwork };
}

/* As an item of the queue. */
export function itemOf(control) {
  const { at, until, end, title } = control.dataset;
  const label = control.getAttribute("aria-label")?.replace(/^(Play|Continue) /, "");
  return {
    episode: episodeOf(control),
    at: at === undefined ? null : Number(at),
    until: Number(end ?? until) || null,
    label: label ?? (at ? `${clock(at)} ${title}` : title),
  };
}

/* A topic, from its time. */
export function lineItem(time) {
  const [at, row] = [Number(time.dataset.seconds), time.parentElement];
  const following = row.nextElementSibling?.querySelector("a[data-seconds]");
  const label = `${clock(at)} ${row.querySelector(":scope > [dir]").textContent.trim()}`;
  return mainButton() && { episode: episodeOf(mainButton()), at, until: Number(following?.dataset.seconds) || null, label };
}
