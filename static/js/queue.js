/* What plays in turn: a list of moments, fetched as it goes, and what the listener added. An item ends where
   its `until` says; who moves beyond it plays on from there. */

import { audio, chapters, episode, position, restore, setList, start } from "./audio.js";
import { changeQueue, currentItem, EMPTY, firstWaiting, isIn, lastOfList, partOf, queue, queuePosition } from "./queue_store.js";
import { announce } from "./announce.js";
import { nextPage } from "./queue_source.js";
import { positionIn } from "./positions.js";
import { sleepsNow } from "./sleep_timer.js";

const AHEAD = 5; // items that are known before they play
const SLACK = 0.5; // seconds by which a start may miss an item's
let isArmed = false; // the current item's end is ahead
let isOurs = false; // the start that comes next
let fetching = null; // the request for more, while it lasts
let direction = 1;

/* Seconds at which the current item ends, also by its episode's chapters; null at the audio's end. */
function end() {
  const { at, until } = currentItem() ?? {};
  return until ?? (Number.isInteger(at) ? chapters.find(({ start: next }) => next > at)?.start : null) ?? null;
}

function arm() {
  isArmed = end() !== null && position() < end();
}

function go(to) {
  isOurs = true;
  changeQueue({ current: to, isOn: true, isReady: false });
  const item = queue.items[to];
  start(item.episode, item.at ?? positionIn(item.episode), partOf(item));
  fetchMore();
}

function step(by, after) {
  if (!queue.isOn || queue.isReady) return false;
  direction = by;
  const next = queue.current + by;
  if (queue.items[next]) {
    go(next);
    after?.();
  } else if (by > 0 && queue.next) {
    goWhenFetched(after);
  } else {
    return false;
  }
  return true;
}

async function goWhenFetched(after) {
  const from = queue.current;
  await fetchMore();
  if (queue.isOn && queue.current === from && queue.items[from + 1]) {
    go(from + 1);
    after?.();
  }
}

/* To the next item, or by -1 to the previous, and announce it. False if there is none. */
export function toItem(by) {
  return step(by, () => {
    const { place, label } = queuePosition();
    announce(`${place}: ${label}`);
  });
}

/* The next item if going forward leaves this one. */
export function passItem(seconds) {
  return isArmed && seconds >= end() && toItem(1);
}

/* Past an item that can't be reached. False at the end, or offline. */
export function skipItem() {
  return navigator.onLine && step(direction);
}

/* Wait at this item, paused. */
export function backTo(index) {
  const item = queue.items[index];
  changeQueue({ current: index });
  restore(item.episode, item.at ?? positionIn(item.episode), [], partOf(item));
  arm();
}

/* Play a list whose first item was just started. What was added before comes after it. */
export function playQueue({ items, ...of }) {
  const added = queue.items.slice(firstWaiting()).filter((each) => each.isAdded && !isIn(items, each));
  direction = 1;
  changeQueue({ ...EMPTY, ...of, items: [...items, ...added], isOn: true, current: 0 });
  setList(queue.address);
  arm();
  fetchMore();
}

function onPlay() {
  if (!queue.isReady) return;
  const isOn = Boolean(currentItem()); // or it was removed
  changeQueue({ isReady: false, isOn, current: queue.current - !isOn });
}

/* Fetch the list's next pages when its end is near. */
export function fetchMore() {
  fetching ??= fetchPages().finally(() => { fetching = null; });
  return fetching;
}

async function fetchPages() {
  try {
    while (queue.next && lastOfList() - queue.current <= AHEAD) await fetchPage(queue.next);
  } catch {
    // The next item tries again.
  }
}

async function fetchPage(address) {
  const { items, next } = await nextPage(address);
  if (queue.next !== address) return;
  const place = lastOfList() + 1;
  // What was added behind the list, and is of it, plays in its place there.
  const known = queue.items.filter((each, index) => index < place || index <= queue.current || !isIn(items, each));
  const fresh = items.filter((each) => !isIn(known, each));
  changeQueue({ items: known.toSpliced(place, 0, ...fresh), next: next === address ? null : next });
}

/* The queue is over; nothing plays after it. */
function finish() {
  changeQueue(EMPTY);
  setList(null);
  audio.pause();
}

async function advance() {
  isArmed = false;
  if (queue.items[queue.current + 1]) {
    direction = 1;
    go(queue.current + 1);
    return;
  }
  await fetchMore();
  if (queue.items[queue.current + 1]) go(queue.current + 1);
  else finish();
}

function onTime() {
  if (isArmed && !audio.paused && position() >= end() && !sleepsNow()) advance();
}

function onEnded() {
  if (!sleepsNow() && (queue.isOn || queue.items[queue.current + 1])) advance();
}

/* The listener chose this item. What was added, and waits before it, waits on. */
function choose(found) {
  const [item, from] = [queue.items[found], firstWaiting()];
  const skipped = queue.items.slice(from, found);
  const stays = item.isAdded ? skipped : skipped.filter(({ isAdded }) => isAdded);
  const passed = skipped.filter((each) => !stays.includes(each));
  const items = found < from ? queue.items : [...queue.items.slice(0, from), ...passed, item, ...stays, ...queue.items.slice(found + 1)];
  changeQueue({ items, current: items.indexOf(item), isOn: true, isReady: false });
}

/* The listener, or we, started something. What was interrupted is up next again. */
function onStart() {
  const isCurrent = isOurs;
  isOurs = false;
  if (!isCurrent) {
    const at = position();
    const found = queue.items.findIndex((each) => (
      each.episode.page === episode.page && (each.at === null || Math.abs(each.at - at) < SLACK)));
    if (found >= 0) choose(found);
    else if (queue.isOn) changeQueue({ current: queue.current - 1, isOn: false, isReady: false });
  }
  const item = currentItem();
  if (item && !item.isAdded) setList(queue.address);
  arm();
}

/* Closing the player ends a list; what was added stays. */
function onEpisode() {
  if (episode) return;
  changeQueue({ ...EMPTY, items: queue.items.slice(Math.max(0, queue.current)).filter(({ isAdded }) => isAdded) });
  isArmed = false;
}

/* Whether the player is within the current item; a start may have preceded this module. */
function isWithin() {
  const item = currentItem();
  if (item?.episode.page !== episode?.page) return false;
  return audio.paused || (position() >= (item.at ?? 0) - SLACK && position() < (end() ?? Infinity) - SLACK);
}

/* As it was left, or of what was started before this module was loaded. */
function begin() {
  const item = currentItem();
  if (item && isWithin()) {
    if (!item.isAdded) setList(queue.address);
    if (!audio.paused) onPlay();
    arm();
    fetchMore();
    return;
  }
  if (item) Object.assign(queue, { isOn: false, isReady: false, current: queue.current - 1 });
  if (episode) onStart();
}

for (const event of ["sought", "chapters"]) audio.addEventListener(event, arm);
audio.addEventListener("timeupdate", onTime);
audio.addEventListener("play", onPlay);
audio.addEventListener("ended", onEnded);
audio.addEventListener("start", onStart);
audio.addEventListener("episode", onEpisode);
begin();
