/* The queue's items and place, stored on the device. The element fires `queue` after each change. */

import { audio } from "./audio.js";
import { record } from "./storage.js";

/* `items`: { episode, at, until, label, isAdded }, at null for where the episode was left, until null if
   its chapters say it; `current`: the one that plays or played last, -1 before the first; `isOn`: it plays;
   `isReady`: it is in the player, before the first press, and counts as waiting; `address` of the list,
   `next` page of it, `total` it has (0: unknown), `noun` of one, `first` one's number. */
export const EMPTY = { items: [], current: -1, isOn: false, isReady: false, address: null, next: null, total: 0, noun: "item", first: 1 };
const stored = record("queue", 1, EMPTY);
export const queue = storedQueue();

function storedQueue() {
  const found = { ...EMPTY, ...stored.read() };
  return { ...found, items: Array.from(found.items ?? []).filter((each) => each?.episode?.audio) };
}

export function changeQueue(changes) {
  Object.assign(queue, changes);
  stored.write(queue);
  audio.dispatchEvent(new Event("queue"));
}

export function currentItem() {
  return queue.isOn ? queue.items[queue.current] : null;
}

export function firstWaiting() {
  return queue.current + !queue.isReady;
}

/* Null for a whole episode. */
export function partOf(item) {
  return item.at === null ? null : item;
}

export function isSame(one, other) {
  return one.episode.page === other.episode.page && one.at === other.at;
}

export function isIn(items, item) {
  return items.some((each) => isSame(each, item));
}

export function lastOfList() {
  return queue.items.findLastIndex(({ isAdded }) => !isAdded);
}

function unfetched() {
  const known = queue.items.filter(({ isAdded }) => !isAdded).length + queue.first - 1;
  return queue.next ? Math.max(0, queue.total - known) : 0;
}

/* The item that plays: noun and number, its place in words (“Answer 3 of 106”), its label; null without one. */
export function queuePosition() {
  const item = currentItem();
  if (!item || queue.isReady) return null;
  const { noun } = queue;
  const number = queue.first + queue.current;
  const of = queue.next && !queue.total ? "" : ` of ${queue.first - 1 + queue.items.length + unfetched()}`;
  return { noun, number, place: `${noun[0].toUpperCase()}${noun.slice(1)} ${number}${of}`, label: item.label };
}

/* The one that plays and those that wait, each with its index, and how many more there are to fetch. */
export function upNext() {
  const isOn = queue.isOn && !queue.isReady;
  const from = firstWaiting() - isOn;
  const items = queue.items.slice(from).map((item, index) => ({ ...item, index: from + index }));
  return { items, current: isOn ? queue.current : -1, more: unfetched(), waiting: items.length - isOn + unfetched() };
}

/* Another tab changed it; what plays in this one stays its place. */
function onStorage({ key }) {
  if (key !== "queue") return;
  const [own, theirs] = [currentItem(), storedQueue()];
  const place = own ? theirs.items.findIndex((each) => isSame(each, own)) : theirs.current - theirs.isOn;
  if (own && place < 0) return;
  Object.assign(queue, theirs, { current: place, isOn: Boolean(own), isReady: Boolean(own) && queue.isReady });
  audio.dispatchEvent(new Event("queue"));
}

addEventListener("storage", onStorage);
