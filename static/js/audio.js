/* The one <audio> element, outside of what navigation swaps, its episode and chapters.

   It also fires `episode` (another one, or none), `chapters` (loaded), `start` (the listener chose what
   plays), `sought` (the position was set, not reached), `list` and `clip` (see below). An episode has the fields
   of a play button: URLs of its audio and page, title, number, length in seconds if known, whether it
   has a transcript, whether its file is ours, its own artwork. */

import { write } from "./storage.js";

export const audio = Object.assign(new Audio(), { preload: "none" });
export let episode = null;
export let chapters = []; // { start, title }, by time
export let list = null; // address of the list that plays in turn, if one does
export let part = null; // { at, until } of an answer or a clip, if not the episode as such plays
export let clip = null; // { at, end } in seconds, if what plays is a clip
export let isTouched = false; // else the player shows what was left at the last visit
export const SEEK_TOLERANCE = 0.3; // seconds by which a seek may miss a chapter's start
const BEYOND = 10; // seconds after a part's end from which the episode plays
const LASTS = 60; // seconds of a part whose end nobody knows
let pending = null; // seconds to start at, once the audio can seek

export function position() {
  return pending ?? audio.currentTime;
}

/* In seconds, 0 while unknown. */
export function length() {
  return Number.isFinite(audio.duration) ? audio.duration : episode?.length ?? 0;
}

/* The chapter at these seconds, undefined before the first. */
export function chapterAt(seconds = position()) {
  return chapters.findLast(({ start }) => start <= seconds + SEEK_TOLERANCE);
}

export function isPlaying() {
  return !audio.paused && !audio.error;
}

export function seek(seconds) {
  const last = Number.isFinite(audio.duration) ? audio.duration : Infinity;
  const to = Math.min(Math.max(0, seconds), last);
  if (audio.readyState < HTMLMediaElement.HAVE_METADATA) pending = to;
  audio.currentTime = to;
  audio.dispatchEvent(new Event("sought"));
  audio.dispatchEvent(new Event("timeupdate")); // before the audio has loaded
}

export function play() {
  isTouched = true;
  if (audio.error) {
    pending = position();
    audio.load();
  }
  // Blocked or unreachable: the element fires `pause` or `error`.
  audio.play().catch(() => {});
}

export function toggle() {
  if (isPlaying()) audio.pause();
  else play();
}

/* Whether only a part of the episode plays, such as an answer. Who hears on beyond it hears the episode. */
export function isPart() {
  if (!part) return false;
  const { at, until = null } = part;
  const end = until ?? chapters.find(({ start: next }) => next > at)?.start ?? (chapters.length ? Infinity : at + LASTS);
  return position() < end + BEYOND;
}

/* Play the episode from these seconds, or only this part of it (an item of the queue). */
export function start(next, seconds, of = null) {
  setList(null);
  if (next.audio === episode?.audio) leave(of);
  else change(next, of);
  seek(seconds);
  play();
  audio.dispatchEvent(new Event("start"));
}

/* Show an episode, or a part of it, as it was left: paused at these seconds, with the chapters known then. */
export function restore(of, seconds, known, given = null) {
  change(of, given, false); // nothing is fetched before a press, which seeking would do, too
  chapters = known;
  pending = seconds;
  audio.dispatchEvent(new Event("chapters"));
}

export function setList(address) {
  if (list === address) return;
  list = address;
  audio.dispatchEvent(new Event("list"));
}

export function setClip(given) {
  clip = given;
  audio.dispatchEvent(new Event("clip"));
}

export function close() {
  setList(null);
  change(null);
}

/* Its state is lost after this. */
function leave(next) {
  audio.dispatchEvent(new Event("leave"));
  part = next && { at: next.at, until: next.until };
}

function change(next, of = null, loads = true) {
  audio.pause();
  leave(of);
  episode = next;
  chapters = [];
  pending = null;
  if (next) audio.src = next.audio;
  else audio.removeAttribute("src");
  audio.replaceChildren(...captions());
  if (loads) audio.load();
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
    // It plays without them.
  }
}

/* Browsers handle a seek before metadata differently. */
function applyPending() {
  if (pending === null) return;
  if (Math.abs(audio.currentTime - pending) > SEEK_TOLERANCE) audio.currentTime = pending;
  pending = null;
}

audio.addEventListener("loadedmetadata", applyPending);
// Another tab of this browser pauses when this one plays.
audio.addEventListener("play", () => write("playing", Math.random()));
addEventListener("storage", ({ key, newValue }) => { if (key === "playing" && newValue) audio.pause(); });
document.getElementById("player").append(audio);
