/* What plays: one <audio>, outside of what navigation swaps, an episode and its chapters.

   Besides the events it has anyhow the element tells of `episode` (another one, or none) and
   `chapters` (they have come). An episode is what the page's buttons know of it: the address of its
   audio and its page, title, number, and length in seconds if known; whether it has a transcript,
   and a picture of its own. */

import { write } from "./storage.js";

export const audio = Object.assign(new Audio(), { preload: "none" });
export let episode = null;
export let chapters = []; // { start, title }, by time
export const EARLY = 0.3; // seconds: where a seek to a chapter may end up before its beginning
let wanted = null; // seconds to begin at, until the audio can be sought in

export function position() {
  return wanted ?? audio.currentTime;
}

/* In seconds, 0 while unknown. */
export function length() {
  return Number.isFinite(audio.duration) ? audio.duration : episode?.length ?? 0;
}

/* The chapter at these seconds, undefined before the first. */
export function chapterAt(seconds = position()) {
  return chapters.findLast(({ start }) => start <= seconds + EARLY);
}

export function isPlaying() {
  return !audio.paused && !audio.error;
}

export function seek(seconds) {
  const last = Number.isFinite(audio.duration) ? audio.duration : Infinity;
  const to = Math.min(Math.max(0, seconds), last);
  if (audio.readyState < HTMLMediaElement.HAVE_METADATA) wanted = to;
  audio.currentTime = to;
  audio.dispatchEvent(new Event("timeupdate")); // before the bytes are there
}

export function play() {
  if (audio.error) {
    wanted = position();
    audio.load();
  }
  // Refused or out of reach: the element says so by `pause` and `error`.
  audio.play().catch(() => {});
}

export function toggle() {
  if (isPlaying()) audio.pause();
  else play();
}

/* Play this episode from there, going on with it if it is the one that plays. */
export function start(next, seconds) {
  if (next.audio !== episode?.audio) change(next);
  seek(seconds);
  play();
}

/* Nothing plays any more. */
export function close() {
  change(null);
}

function change(next) {
  audio.pause();
  audio.dispatchEvent(new Event("leave")); // of the episode before, while all of it is known
  episode = next;
  chapters = [];
  wanted = null;
  if (next) audio.src = next.audio;
  else audio.removeAttribute("src");
  audio.replaceChildren(...captions());
  audio.load();
  audio.dispatchEvent(new Event("episode"));
  if (next) loadChapters(next);
}

function captions() {
  if (!episode?.captions) return [];
  const src = `${episode.page}/transcript.vtt`;
  return [Object.assign(document.createElement("track"), { kind: "captions", label: "Transcript", src })];
}

async function loadChapters(of) {
  try {
    const response = await fetch(`${of.page}/chapters.json`);
    const found = (await response.json()).chapters;
    if (of !== episode) return;
    chapters = found.map(({ startTime, title }) => ({ start: startTime, title }));
    audio.dispatchEvent(new Event("chapters"));
  } catch {
    // It plays without.
  }
}

/* Browsers differ in what they make of a seek before they know the audio. */
function begin() {
  if (wanted === null) return;
  if (Math.abs(audio.currentTime - wanted) > EARLY) audio.currentTime = wanted;
  wanted = null;
}

audio.addEventListener("loadedmetadata", begin);
// One voice at a time: what plays in another tab of this browser gives way.
audio.addEventListener("play", () => write("playing", Math.random()));
addEventListener("storage", ({ key, newValue }) => { if (key === "playing" && newValue) audio.pause(); });
document.getElementById("player").append(audio);
