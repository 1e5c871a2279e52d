/* Stops at the end of the clip that plays, also after a reload. Who goes beyond it, or to another moment, leaves
   it. */

import { announce } from "./announce.js";
import { audio, clip, episode, isPlaying, position, setClip } from "./audio.js";
import { record, write } from "./storage.js";
import { clock } from "./times.js";

const TOLERANCE = 1; // seconds: playback alone moves less
const NAME = "clip";
const stored = record(NAME, 1, null);
const label = document.querySelector("#player [data-shows=clip]");
let timer = 0;

function say(text) {
  label.textContent = text;
  label.hidden = !text;
}

/* The episode that was just started is a clip, from and to these seconds. */
export function playsClip(at, end) {
  stored.write({ page: episode.page, at, end });
  say(`Clip until ${clock(end)}`);
  setClip({ at, end });
  watch();
}

function leave() {
  write(NAME, null);
  clearTimeout(timer);
  say("");
  if (clip) setClip(null);
}

function stop() {
  audio.pause();
  const words = `The clip ended at ${clock(clip.end)}`;
  leave();
  say(words);
  announce(words);
}

/* Events come four times a second: too rarely at double speed. */
function watch() {
  clearTimeout(timer);
  if (!clip) return;
  const left = clip.end - position();
  if (!episode || left < -TOLERANCE) leave();
  else if (left <= 0) stop();
  else if (isPlaying() && !audio.seeking) timer = setTimeout(watch, (1000 * left) / audio.playbackRate);
}

/* As it was left. */
const found = stored.read();
if (found && found.page === episode?.page && position() < found.end) playsClip(found.at, found.end);

for (const event of ["timeupdate", "seeked", "playing", "ratechange"]) audio.addEventListener(event, watch);
for (const event of ["start", "episode"]) audio.addEventListener(event, leave);
audio.addEventListener("play", () => { if (!clip) say(""); }); // goes on after the end
