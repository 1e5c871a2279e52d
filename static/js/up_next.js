/* “Up next”: the queue in a dialog, to play, reorder and remove, with undo. */

import { bringForward, clearQueue, moveItem, removeItem, restoreItems } from "./queue_edits.js";
import { upNext } from "./queue_store.js";
import { announce } from "./announce.js";
import { audio } from "./audio.js";

const dialog = document.getElementById("up-next");
const rows = dialog.querySelector("ol");
const template = dialog.querySelector("template");
let removed = null; // the last removal, with its words

function keyOf({ episode, at }) {
  return `${episode.page} ${at}`;
}

function rowOf({ index, label, episode, at, until }, place, { items, current }) {
  const row = template.content.firstElementChild.cloneNode(true);
  const { page: play, ...details } = episode;
  const play_ = row.querySelector(".play");
  for (const [name, value] of Object.entries({ play, ...details })) if (value) play_.dataset[name] = value;
  if (at !== null) play_.dataset.at = at;
  if (until) play_.dataset.until = until;
  play_.setAttribute("aria-label", `Play ${label}`);
  play_.autofocus = !place;
  row.querySelector("[dir]").textContent = label;
  row.querySelector("small").textContent = label.includes(episode.title) ? "" : episode.title;
  row.dataset.index = index;
  row.dataset.key = keyOf({ episode, at });
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
  undo.setAttribute("aria-label", `Undo removing ${removed.words}`);
  row.append(`Removed: ${removed.words} `, undo);
  return row;
}

/* Whatever had the focus has it again: the queue goes on while one reads it. */
function draw() {
  const focused = document.activeElement.closest("#up-next li button");
  const key = focused?.closest("li").dataset.key;
  drawRows();
  if (focused) focus(rowWith(key), focused.dataset.queueDoes);
}

function drawRows() {
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

function rowWith(key) {
  return [...rows.children].find((row) => row.dataset.key === key) ?? rows.firstElementChild;
}

/* The focus goes to the same button of this row, or to one that can be pressed. */
function focus(row, does) {
  const buttons = [...(row?.querySelectorAll("button:not([hidden], [disabled])") ?? [])];
  const same = buttons.find((each) => each.dataset.queueDoes === does);
  (same ?? buttons.at(-1) ?? dialog.querySelector("form button")).focus();
}

function move(index, by) {
  moveItem(index, by);
  const place = upNext().items.findIndex((each) => each.index === index + by);
  announce(`Moved to place ${place + 1}`);
}

function remove(what, words) {
  removed = { ...what, words };
  draw();
  rows.querySelector(".removed button").focus();
}

const actions = {
  up: (index) => move(index, -1),
  down: (index) => move(index, 1),
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
    focus(rows.querySelector(`[data-index="${at}"]`), "remove");
    announce("Restored");
  },
};

dialog.addEventListener("click", ({ target }) => {
  const play = target.closest("li:not([data-sounds]) > .play");
  if (play) bringForward(Number(play.parentElement.dataset.index)); // play_controls.js starts it
  const button = target.closest("[data-queue-does]");
  if (button) actions[button.dataset.queueDoes](Number(button.closest("li")?.dataset.index));
});
/* What opened it may be hidden by now. */
dialog.addEventListener("close", () => {
  const { body, activeElement: focused } = document;
  if (focused === body || !focused.checkVisibility()) document.querySelector("#player .more summary").focus();
});
audio.addEventListener("queue", () => { if (dialog.open) draw(); });
