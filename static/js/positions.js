/* How far this device has heard each episode, to go on from there. */

import { audio, episode, length, position } from "./sound.js";
import { read, readMap, write } from "./storage.js";

const STORE = "positions";
const MOST = 500; // episodes
const BEGUN = 10; // seconds: less is a look
const HEARD = 20; // seconds before the end
const EVERY = 5; // seconds between notes while it plays
let noted = 0;

/* Kept with what its button knows of the episode: home offers to go on with it (begun.js). */
function keep(of, seconds) {
  const positions = readMap(STORE);
  positions.delete(of.page); // moves it to the end, the newest
  if (seconds) positions.set(of.page, { ...of, at: seconds });
  write(STORE, JSON.stringify([...positions].slice(-MOST)));
}

/* The show's former site kept seconds by number: taken over when an episode is met. */
function takeOver(of) {
  const name = `currentTimeForEpisode${of.number}`;
  const seconds = Math.floor(Number(of.number && read(name)));
  if (!(seconds >= BEGUN) || seconds === Infinity) return 0;
  keep(of, seconds);
  write(name, null);
  return seconds;
}

/* Where the listener left this episode, 0 if nowhere. Whole seconds. */
export function positionIn(of) {
  return readMap(STORE).get(of.page)?.at ?? takeOver(of);
}

function note() {
  if (!episode || audio.error || !audio.readyState) return; // what can't be heard has not been
  const [at, end] = [Math.floor(position()), length()];
  noted = at;
  if (at >= BEGUN) keep(episode, end && at > end - HEARD ? 0 : at);
}

function noteNowAndThen() {
  if (Math.abs(position() - noted) >= EVERY) note();
}

audio.addEventListener("timeupdate", noteNowAndThen);
for (const event of ["pause", "leave", "ended"]) audio.addEventListener(event, note);
addEventListener("pagehide", note);
