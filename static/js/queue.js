/* What plays in turn: a list of moments, fetched as it goes, and what the listener added. It is stored on the
   device. An item ends where its `until` says; who moves beyond it plays on from there. */

import { audio, chapters, episode, position, restore, setList, start } from "./audio.js";
import { announce } from "./announce.js";
import { nextPage } from "./queue_source.js";
import { positionIn } from "./positions.js";
import { sleepsNow } from "./sleep_timer.js";
import { record } from "./storage.js";

const AHEAD = 5; // items that are known before they play
const SLACK = 0.5; // seconds by which a start may miss an item's
/* `items`: { episode, at, until, label, isAdded }, at null for where the episode was left, until null if
   its chapters say it; `current`: the one that plays or played last, -1 before the first; `isOn`: it plays;
   `isReady`: it is in the player, before the first press, and counts as waiting; `address` of the list, `next` page of it, `total` it has (0: unknown), `noun` of one, `first` one's number. */
const EMPTY = { items: [], current: -1, isOn: false, isReady: false, address: null, next: null, total: 0, noun: "item", first: 1 };
const stored = record("queue", 1, EMPTY);
let queue = storedQueue();
let isArmed = false; // the current item's end is ahead
let isOurs = false; // the start that comes next
let fetching = null; // the request for more, while it lasts
let direction = 1;

function storedQueue() {
  const found = { ...EMPTY, ...stored.read() };
  return { ...found, items: Array.from(found.items ?? []).filter((each) => each?.episode?.audio) };
}

function change(changes) {
  Object.assign(queue, changes);
  stored.write(queue);
  audio.dispatchEvent(new Event("queue"));
}

function currentItem() {
  return queue.isOn ? queue.items[queue.current] : null;
}

function unfetched() {
  const known = queue.items.filter(({ isAdded }) => !isAdded).length + queue.first - 1;
  return queue.next ? Math.max(0, queue.total - known) : 0;
}

/* Noun, number and total of the item that plays, null without one. The total is 0 while unknown. */
export function queuePosition() {
  if (!queue.isOn || queue.isReady) return null;
  const of = queue.next && !queue.total ? 0 : queue.first - 1 + queue.items.length + unfetched();
  return { noun: queue.noun, number: queue.first + queue.current, of };
}

function firstWaiting() {
  return queue.current + !queue.isReady;
}

/* The one that plays and those that wait, each with its index, and how many more there are to fetch. */
export function upNext() {
  const isOn = queue.isOn && !queue.isReady;
  const from = firstWaiting() - isOn;
  const items = queue.items.slice(from).map((item, index) => ({ ...item, index: from + index }));
  return { items, current: isOn ? queue.current : -1, more: unfetched(), waiting: items.length - isOn + unfetched() };
}

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
  change({ current: to, isOn: true, isReady: false });
  const { episode: of, at } = queue.items[to];
  start(of, at ?? positionIn(of));
  fetchMore();
}

/* To the next item, or by -1 to the previous. False if there is none. */
export function toItem(by) {
  if (!queue.isOn || queue.isReady) return false;
  direction = by;
  if (queue.items[queue.current + by]) go(queue.current + by);
  else if (by > 0 && queue.next) goWhenFetched();
  else return false;
  return true;
}

async function goWhenFetched() {
  const from = queue.current;
  await fetchMore();
  if (queue.isOn && queue.current === from && queue.items[from + 1]) go(from + 1);
}

/* The next item if going forward leaves this one. */
export function passItem(seconds) {
  return isArmed && seconds >= end() && toItem(1);
}

/* Past an item that can't be reached. False at the end, or offline. */
export function skipItem() {
  return navigator.onLine && toItem(direction);
}

/* Play a list whose first item was just started. What was added before comes after it. */
export function playQueue({ items, ...of }) {
  const added = queue.items.slice(firstWaiting()).filter((each) => each.isAdded && !isIn(items, each));
  direction = 1;
  change({ ...EMPTY, ...of, items: [...items, ...added], isOn: true, current: 0 });
  setList(queue.address);
  arm();
  fetchMore();
  if (audio.error) audio.dispatchEvent(new Event("error")); // the first one, before the list was known
}

/* Append an item, to play later. */
export function enqueue(item) {
  const isKnown = queue.items.some((each, index) => index >= queue.current && isSame(each, item));
  if (isKnown) {
    announce("It is in the queue already");
    return;
  }
  change({ items: [...queue.items, { ...item, isAdded: true }] });
  if (!episode) change({ current: queue.current + 1, isOn: true, isReady: true });
  ready();
  announce(`Added to the queue, ${upNext().waiting} up next`);
}

/* Move an item by one place. */
export function moveItem(index, by) {
  const items = [...queue.items];
  const [item] = items.splice(index, 1);
  items.splice(index + by, 0, item);
  change({ items });
  ready();
}

/* Returns what `restoreItems` puts back, as clearQueue does. */
export function removeItem(at) {
  const removed = { at, items: [queue.items[at]] };
  change({ items: queue.items.toSpliced(at, 1) });
  ready();
  fetchMore();
  return removed;
}

/* Drop all that comes later: the list is over. */
export function clearQueue() {
  const { next, address } = queue;
  const at = firstWaiting();
  const removed = { at, items: queue.items.slice(at), of: { next, address } };
  change({ items: queue.items.slice(0, at), next: null, address: null });
  setList(null);
  return removed;
}

export function restoreItems({ at, items, of }) {
  change({ items: queue.items.toSpliced(Math.max(at, firstWaiting()), 0, ...items), ...of });
  if (currentItem() && !currentItem().isAdded) setList(queue.address);
  ready();
}

/* Show the first one that waits in the player, silent, if nothing was played. */
function ready() {
  const item = queue.isReady && currentItem();
  if (!item) return;
  const seconds = item.at ?? positionIn(item.episode);
  if (item.episode.page === episode?.page && seconds === position()) return;
  restore(item.episode, seconds, []);
  arm();
}

function onPlay() {
  if (!queue.isReady) return;
  const isOn = Boolean(currentItem()); // or it was removed
  change({ isReady: false, isOn, current: queue.current - !isOn });
}

function isIn(items, item) {
  return items.some((each) => isSame(each, item));
}

function isSame(one, other) {
  return one.episode.page === other.episode.page && one.at === other.at;
}

/* Fetch the list's next pages when its end is near. */
function fetchMore() {
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

function lastOfList() {
  return queue.items.findLastIndex(({ isAdded }) => !isAdded);
}

async function fetchPage(address) {
  const { items, next } = await nextPage(address);
  if (queue.next !== address) return;
  const place = lastOfList() + 1;
  // What was added behind the list, and is of it, plays in its place there.
  const known = queue.items.filter((each, index) => index < place || index <= queue.current || !isIn(items, each));
  const fresh = items.filter((each) => !isIn(known, each));
  change({ items: known.toSpliced(place, 0, ...fresh), next: next === address ? null : next });
}

/* The queue is over; nothing plays after it. */
function finish() {
  change(EMPTY);
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

/* The listener, or we, started something. What was interrupted is up next again. */
function onStart() {
  const isCurrent = isOurs;
  isOurs = false;
  if (!isCurrent) {
    const at = position();
    const found = queue.items.findIndex((each) => (
      each.episode.page === episode.page && (each.at === null || Math.abs(each.at - at) < SLACK)));
    if (found >= 0) change({ current: found, isOn: true, isReady: false });
    else if (queue.isOn) change({ current: queue.current - 1, isOn: false, isReady: false });
  }
  const item = currentItem();
  if (item && !item.isAdded) setList(queue.address);
  arm();
}

/* Closing the player ends a list; what was added stays. */
function onEpisode() {
  if (episode) return;
  change({ ...EMPTY, items: queue.items.slice(Math.max(0, queue.current)).filter(({ isAdded }) => isAdded) });
  isArmed = false;
}

/* Another tab changed it; what plays in this one stays its place. */
function onStorage({ key }) {
  if (key !== "queue") return;
  const [own, theirs] = [currentItem(), storedQueue()];
  const place = own ? theirs.items.findIndex((each) => isSame(each, own)) : theirs.current - theirs.isOn;
  if (own && place < 0) return;
  queue = { ...theirs, current: place, isOn: Boolean(own), isReady: Boolean(own) && queue.isReady };
  audio.dispatchEvent(new Event("queue"));
}

/* As it was left, or of what was started before this module was loaded. */
function begin() {
  const item = currentItem();
  if (item && item.episode.page === episode?.page) {
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
addEventListener("storage", onStorage);
begin();
