/* “Up next”: the queue in a dialog, to play, reorder and remove, with undo. */

import { clearQueue, moveItem, removeItem, restoreItems, upNext } from "./queue.js";
import { announce } from "./announce.js";
import { audio } from "./audio.js";

const dialog = document.getElementById("up-next");
const rows = dialog.querySelector("ol");
const template = dialog.querySelector("template");
let removed = null; // the last removal, with its words

function rowOf({ index, label, episode, at, until }, place, { items, current }) {
  const row = template.content.firstElementChild.cloneNode(true);
  const { page: play, ...details } = episode;
  const play_ = row.querySelector(".play");
  Object.assign(play_.dataset, { play, ...details });
  if (at !== null) play_.dataset.at = at;
  if (until) play_.dataset.until = until;
  play_.setAttribute("aria-label", `Play ${label}`);
  play_.autofocus = !place;
  row.querySelector("[dir]").textContent = label;
  row.querySelector("small").textContent = label.includes(episode.title) ? "" : episode.title;
  row.dataset.index = index;
  const isCurrent = index === current;
  for (const button of row.querySelectorAll("[data-queue-does]")) {
    const does = button.dataset.queueDoes;
    button.setAttribute("aria-label", { up: `Move up ${label}`, down: `Move down ${label}`, remove: `Remove ${label}` }[does]);
    // The one that plays stays first.
    button.hidden = isCurrent;
    button.disabled = (does === "up" && items[place - 1]?.index === current) || (does === "up" && !place) || (does === "down" && place === items.length - 1);
  }
  return row;
}

/* In place of what was removed. */
function undoRow() {
  const row = Object.assign(document.createElement("li"), { className: "removed" });
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "secondary", textContent: "Undo" });
  undo.dataset.queueDoes = "undo";
  row.append(`Removed: ${removed.words} `, undo);
  return row;
}

function draw() {
  const all = upNext();
  const before = removed ? all.items.filter(({ index }) => index < removed.at).length : 0;
  const drawn = all.items.map((item, place) => rowOf(item, place, all));
  rows.replaceChildren(...removed ? drawn.toSpliced(before, 0, undoRow()) : drawn);
  dialog.querySelector("[data-shows=empty]").hidden = all.waiting > 0;
  dialog.querySelector("[data-shows=more]").hidden = !all.more;
  dialog.querySelector("[data-shows=more]").textContent = `${all.more} more follow, fetched as it plays.`;
  dialog.querySelector("[data-queue-does=clear]").hidden = !all.waiting;
  document.dispatchEvent(new Event("controls:added"));
}

export function openUpNext() {
  removed = null;
  draw(); // first, so that the focus is on what plays
  dialog.showModal();
}

/* The focus goes to the same button of this row, or to one that can be pressed. */
function focus(index, does) {
  const row = rows.querySelector(`[data-index="${index}"]`) ?? rows.lastElementChild;
  const buttons = [...(row?.querySelectorAll("button:not([hidden], [disabled])") ?? [])];
  const same = buttons.find((each) => each.dataset.queueDoes === does);
  (same ?? buttons.at(-1) ?? dialog.querySelector("form button")).focus();
}

function move(index, by, does) {
  moveItem(index, by);
  focus(index + by, does);
  const place = upNext().items.findIndex((each) => each.index === index + by);
  announce(`Moved to place ${place + 1}`);
}

function remove(what, words) {
  removed = { ...what, words };
  draw();
  rows.querySelector(".removed button").focus();
}

const actions = {
  up: (index) => move(index, -1, "up"),
  down: (index) => move(index, 1, "down"),
  remove: (index) => {
    const { label } = upNext().items.find((each) => each.index === index);
    remove(removeItem(index), label);
    announce("Removed");
  },
  clear: () => {
    const { waiting } = upNext();
    remove(clearQueue(), waiting === 1 ? "1 item" : `${waiting} items`);
    announce("The queue is empty");
  },
  undo: () => {
    const { at, ...what } = removed;
    removed = null;
    restoreItems({ at, ...what });
    focus(at, "remove");
    announce("Restored");
  },
};

dialog.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-queue-does]");
  if (button) actions[button.dataset.queueDoes](Number(button.closest("li")?.dataset.index));
});
audio.addEventListener("queue", () => { if (dialog.open) draw(); });
