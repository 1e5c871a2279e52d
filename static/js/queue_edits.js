/* What the listener does to the queue: add, move, remove, clear, restore. */

import { episode, position, restore, setList } from "./audio.js";
import { changeQueue, currentItem, firstWaiting, isSame, partOf, queue, upNext } from "./queue_store.js";
import { fetchMore } from "./queue.js";
import { announce } from "./announce.js";
import { positionIn } from "./positions.js";

/* Append an item, to play later. */
export function enqueue(item) {
  const isKnown = queue.items.some((each, index) => index >= queue.current && isSame(each, item));
  if (isKnown) {
    announce("It is in the queue already");
    return;
  }
  changeQueue({ items: [...queue.items, { ...item, isAdded: true }] });
  if (!episode) changeQueue({ current: queue.current + 1, isOn: true, isReady: true });
  showReady();
  announce(`Added to the queue, ${upNext().waiting} up next`);
}

/* Move an item by so many places. */
export function moveItem(index, by) {
  const items = [...queue.items];
  const [item] = items.splice(index, 1);
  items.splice(index + by, 0, item);
  changeQueue({ items });
  showReady();
}

/* Before all others that wait, to be played now. */
export function bringForward(index) {
  if (index > firstWaiting()) moveItem(index, firstWaiting() - index);
}

/* Returns what `restoreItems` puts back, as clearQueue does. */
export function removeItem(at) {
  const { items, total } = queue;
  const removed = { at, items: [items[at]], of: { total } };
  changeQueue({ items: items.toSpliced(at, 1), total: Math.max(0, total - !items[at].isAdded) });
  showReady();
  fetchMore();
  return removed;
}

/* Drop all that comes later: the list is over. */
export function clearQueue() {
  const { next, address } = queue;
  const at = firstWaiting();
  const removed = { at, items: queue.items.slice(at), of: { next, address } };
  changeQueue({ items: queue.items.slice(0, at), next: null, address: null });
  setList(null);
  return removed;
}

export function restoreItems({ at, items, of }) {
  changeQueue({ items: queue.items.toSpliced(Math.max(at, firstWaiting()), 0, ...items), ...of });
  if (currentItem() && !currentItem().isAdded) setList(queue.address);
  showReady();
}

/* Show the first one that waits in the player, silent, if nothing was played. */
function showReady() {
  const item = queue.isReady && currentItem();
  if (!item) return;
  const seconds = item.at ?? positionIn(item.episode);
  if (item.episode.page === episode?.page && seconds === position()) return;
  restore(item.episode, seconds, [], partOf(item));
}
