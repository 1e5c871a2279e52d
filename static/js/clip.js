/* Stops at the end of the clip that plays, also after a reload. Who goes beyond it, or to another moment, leaves
   it. */

import { announce } from "./announce.js";
import { audio, episode, isPlaying, position } from "./audio.js";
import { record, write } from "./storage.js";
import { clock } from "./times.js";

const TOLERANCE = 1; // seconds: playback alone moves less
const NAME = "clip";
const stored = record(NAME, 1, null);
const label = document.querySelector("#player [data-shows=clip]");
let end = null; // seconds
let timer = 0;

function say(text) {
  label.textContent = text;
  label.hidden = !text;
}

/* The episode that was just started ends at these seconds. */
export function endClipAt(seconds) {
  end = seconds;
  stored.write({ page: episode.page, end });
  say(`Clip until ${clock(end)}`);
  watch();
}

function leave() {
  end = null;
  write(NAME, null);
  clearTimeout(timer);
  say("");
}

function stop() {
  audio.pause();
  const words = `The clip ended at ${clock(end)}`;
  leave();
  say(words);
  announce(words);
}

/* Events come four times a second: too rarely at double speed. */
function watch() {
  clearTimeout(timer);
  if (end === null) return;
  const left = end - position();
  if (!episode || left < -TOLERANCE) leave();
  else if (left <= 0) stop();
  else if (isPlaying() && !audio.seeking) timer = setTimeout(watch, (1000 * left) / audio.playbackRate);
}

/* As it was left. */
const found = stored.read();
if (found && found.page === episode?.page && position() < found.end) endClipAt(found.end);

for (const event of ["timeupdate", "seeked", "playing", "ratechange"]) audio.addEventListener(event, watch);
for (const event of ["start", "episode"]) audio.addEventListener(event, leave);
audio.addEventListener("play", () => { if (end === null) say(""); }); // goes on after the end
