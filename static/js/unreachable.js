/* Audio that can't be reached: another try, then the queue's next item. If that fails, too, the queue stops at the first
   of them with a message. A busy server is asked until it has time. */

import { announce } from "./announce.js";
import { audio, episode, play } from "./audio.js";
import { drawFailure } from "./player_bar.js";
import { backTo, skipItem } from "./queue.js";
import { queue, queuePosition } from "./queue_store.js";

const WAIT = 5; // seconds, where a busy server names none
const RETRY = 2; // seconds before the other try
let checks = 0; // counts them: only the newest matters
let timer = 0;
let isMissed = false; // it was announced that it doesn't play
let isRetried = false;
let missedAt = null; // index of the item before this one that was skipped

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

function stop() {
  const at = missedAt;
  drawFailure("");
  if (at !== null) {
    backTo(at);
    drawFailure("The audio of this episode can't be reached, nor the next. It stopped here.");
  }
  say("The audio can't be reached");
}

function skip() {
  const missed = queuePosition();
  const name = missed?.place.replace(/ of .*/, "");
  const at = queue.current;
  if (missedAt !== null || !skipItem()) {
    stop();
    return;
  }
  missedAt = at;
  announce(`${name} can't be reached, on to ${missed.noun} ${queuePosition().number}`);
}

function tryAgain(seconds) {
  timer = setTimeout(() => { if (audio.error && episode) play(); }, 1000 * seconds);
}

async function onError() {
  if (!episode) return;
  checks += 1;
  const check = checks;
  const seconds = await busySeconds(episode);
  if (check !== checks || !audio.error) return;
  if (seconds !== null) {
    drawFailure("Too many people are listening just now. Trying again…");
    if (!isMissed) say("Too many people are listening just now. Trying again.");
    tryAgain(seconds);
  } else if (isRetried || !navigator.onLine) {
    skip();
  } else {
    isRetried = true;
    drawFailure("The audio can't be reached. Trying again…");
    tryAgain(RETRY);
  }
}

function onPlaying() {
  if (isMissed) announce("Playing");
  forget();
}

/* Something else was started, or it plays. */
function forget() {
  checks += 1;
  isMissed = false;
  isRetried = false;
  missedAt = null;
  clearTimeout(timer);
  drawFailure("");
}

audio.addEventListener("error", onError);
audio.addEventListener("playing", onPlaying);
for (const event of ["start", "episode"]) audio.addEventListener(event, forget);
if (audio.error) onError(); // before this module was loaded
