/* The moments that the listener starred, newest first: on this device alone, nothing is sent anywhere.

   A moment has the fields of its episode (see audio.js), in seconds `at`, for a clip `end`, else if known
   `until` when its topic lasts; `words`, `note`, and `starred`, the date. */

import { record } from "./storage.js";

export const NOT_STORED = "This browser can't store it: its storage is blocked or full.";
const stored = record("moments", 1, []);
const LASTS = 60; // seconds for which a moment without an end is the one that plays
const removed = []; // since the page was loaded: whoever presses a star twice has the note again

export function starredMoments() {
  const found = stored.read();
  return Array.isArray(found) ? found.filter((each) => each?.page) : [];
}

/* An episode may get another address, but its audio stays. Imported moments don't know their audio yet. */
function isOf(one, other) {
  return Boolean(one.page === other.page || (one.audio && one.audio === other.audio));
}

export function isSame(one, other) {
  return isOf(one, other) && one.at === other.at && (one.end || null) === (other.end || null);
}

export function findStarred(moment) {
  return starredMoments().find((each) => isSame(each, moment));
}

/* The starred moment that plays at these seconds of the episode: a clip until its end, else for a minute at most. */
export function starredAt(episode, seconds) {
  const endOf = ({ at, end, until }) => end || Math.min(until || Infinity, at + LASTS);
  const found = starredMoments().filter((each) => isOf(each, episode) && each.at <= seconds && seconds < endOf(each));
  return found.sort((one, other) => one.at - other.at).at(-1);
}

/* Store the list, and let the page know by `stars`. False if the browser can't store it. */
export function storeMoments(moments) {
  const isStored = stored.write(moments);
  if (isStored) document.dispatchEvent(new Event("stars"));
  return isStored;
}

export function isStorable() {
  return stored.write(starredMoments());
}

/* Local, as YYYY-MM-DD. */
export function today() {
  return new Date().toLocaleDateString("sv-SE");
}

/* Star a moment, at this place of the list. False if the browser can't store it. */
export function star(moment, place = 0) {
  const others = starredMoments().filter((each) => !isSame(each, moment));
  const former = removed.findLast((each) => isSame(each, moment));
  others.splice(place, 0, { note: "", starred: today(), ...former, ...moment });
  return storeMoments(others);
}

/* Where in the list it was; -1 if the browser can't store the change. */
export function unstar(moment) {
  const all = starredMoments();
  const place = all.findIndex((each) => isSame(each, moment));
  removed.push(...all.splice(place, 1));
  return storeMoments(all) ? place : -1;
}

/* Change these fields of a starred moment. False if the browser can't store it. */
export function changeMoment(moment, fields) {
  return storeMoments(starredMoments().map((each) => isSame(each, moment) ? { ...each, ...fields } : each));
}
