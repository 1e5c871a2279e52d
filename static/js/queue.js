/* Plays a question's answers in turn, each until the next topic. Seeking elsewhere ends the queue. */

import { audio, episode, position, start } from "./audio.js";

const TOLERANCE = 1; // seconds: playback alone moves less
let items = []; // { episode, at, until }
let current = 0;
let direction = 1;

/* Number and total of the answer that plays, null without a queue. */
export function queuePosition() {
  return items.length ? { number: current + 1, of: items.length } : null;
}

function go(to) {
  current = to;
  start(items[current].episode, items[current].at);
}

export function playQueue(all) {
  items = all;
  direction = 1;
  go(0);
}

/* To the next answer, or by -1 to the previous. False if there is none. */
export function toItem(by) {
  if (!items[current + by]) return false;
  direction = by;
  go(current + by);
  return true;
}

/* Past an answer that can't be reached. False at the end, or offline. */
export function skipItem() {
  return navigator.onLine && toItem(direction);
}

function clear() {
  items = [];
  audio.dispatchEvent(new Event("chapters")); // the bar stops counting
}

function advance() {
  if (!items.length) return;
  const { at, until } = items[current];
  const over = position() - until;
  if (over < 0 && position() >= at - TOLERANCE) return;
  if (over < 0 || over > TOLERANCE) clear(); // the listener moved
  else if (!toItem(1)) {
    clear();
    audio.pause();
  }
}

function onEpisode() {
  if (items.length && episode?.audio !== items[current].episode.audio) items = [];
}

audio.addEventListener("timeupdate", advance);
audio.addEventListener("ended", () => { if (items.length && !toItem(1)) clear(); });
audio.addEventListener("episode", onEpisode);
