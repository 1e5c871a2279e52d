/* Audio that can't be reached: another try if the server is only busy, else the queue's next item, or a message. */

import { announce } from "./announce.js";
import { audio, episode, play } from "./audio.js";
import { drawBusy } from "./player_bar.js";
import { skipItem } from "./queue.js";
import { queuePosition } from "./queue_store.js";

const WAIT = 5; // seconds, where the server names none
let checks = 0; // counts them: only the newest matters
let timer = 0;
let isMissed = false; // it was announced that it doesn't play

/* Seconds after which our server asks to be tried again because it is busy (503); null if it isn't that. */
async function busySeconds({ audio: address, hosted }) {
  if (!hosted) return null;
  const request = new AbortController();
  try {
    const { status, headers } = await fetch(address, { headers: { Range: "bytes=0-" }, signal: request.signal });
    return status === 503 ? Number(headers.get("Retry-After")) || WAIT : null;
  } catch {
    return null; // offline, or in a bucket
  } finally {
    request.abort(); // its body isn't wanted
  }
}

function say(words) {
  announce(words);
  isMissed = true;
}

function skip() {
  const missed = queuePosition();
  const name = missed?.place.replace(/ of .*/, "");
  if (skipItem()) announce(`${name} can't be reached, on to ${missed.noun} ${queuePosition().number}`);
  else say("The audio can't be reached");
}

async function onError() {
  if (!episode) return;
  checks += 1;
  const check = checks;
  const seconds = await busySeconds(episode);
  if (check !== checks || !audio.error) return;
  drawBusy(seconds !== null);
  if (seconds === null) {
    skip();
    return;
  }
  if (!isMissed) say("Too many people are listening just now. Trying again.");
  timer = setTimeout(() => { if (audio.error && episode) play(); }, 1000 * seconds);
}

function onPlaying() {
  if (isMissed) announce("Playing");
  forget();
}

/* Something else was started, or it plays. */
function forget() {
  checks += 1;
  isMissed = false;
  clearTimeout(timer);
  drawBusy(false);
}

audio.addEventListener("error", onError);
audio.addEventListener("playing", onPlaying);
for (const event of ["start", "episode"]) audio.addEventListener(event, forget);
if (audio.error) onError(); // before this module was loaded
