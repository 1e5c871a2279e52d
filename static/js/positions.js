/* How far this device has played each episode, to continue there. */

import { positions, storePosition } from "./position_store.js";
import { audio, episode, isPart, length, position } from "./audio.js";
import { read, write } from "./storage.js";

export const FEWEST = 10; // seconds that count as started
const END = 20; // seconds before the end that count as finished
const INTERVAL = 5; // seconds between saves
let savedAt = 0;

/* The show's former site stored seconds by episode number. */
function migrate(of) {
  const name = `currentTimeForEpisode${of.number}`;
  const seconds = Math.floor(Number(of.number && read(name)));
  if (!(seconds >= FEWEST) || seconds === Infinity) return 0;
  storePosition(of, seconds);
  write(name, null);
  return seconds;
}

/* Where the listener stopped, in whole seconds; 0 if not started. */
export function positionIn(of) {
  return positions().get(of.page)?.at ?? migrate(of);
}

function save() {
  if (!episode || audio.error || !audio.readyState || isPart()) return; // nothing was played of it
  const [at, end] = [Math.floor(position()), length()];
  savedAt = at;
  if (at >= FEWEST) storePosition(episode, end && at > end - END ? 0 : at);
}

function saveRegularly() {
  if (Math.abs(position() - savedAt) >= INTERVAL) save();
}

audio.addEventListener("timeupdate", saveRegularly);
for (const event of ["pause", "leave", "ended"]) audio.addEventListener(event, save);
addEventListener("pagehide", save);
