/* The page of starred moments: plays, notes, removes with undo; moments_file.js exports and imports. */

import { changeMoment, isStorable, NOT_STORED, star, starredMoments, storeMoments, unstar } from "./starred_moments.js";
import { drawControls } from "./play_controls.js";
import { episodeOf } from "./play_items.js";
import { announce } from "./announce.js";
import { clock } from "./times.js";

const shown = new WeakMap(); // the moment of each row

const page = () => document.querySelector("[data-my-moments]");
const list = () => page()?.querySelector(".my-moments");

function timeOf({ at, end }) {
  return end ? `${clock(at)}–${clock(end)}` : clock(at);
}

/* Its button plays at once if the audio is known; imported moments ask their page first (`find`). */
function prepareButton(button, moment) {
  button.setAttribute("aria-label", `Play ${timeOf(moment)} ${moment.words}`);
  if (!moment.audio) return;
  const { page: play, at, audio, title, number, length, captions, hosted, artwork } = moment;
  const given = { play, at, audio, title, number, length, captions, hosted, artwork };
  for (const [name, value] of Object.entries(given)) if (value || value === 0) button.dataset[name] = value;
  if (moment.end) button.dataset.end = moment.end;
  if (moment.until) button.dataset.until = moment.until;
}

function rowOf(moment) {
  const row = page().querySelector("template").content.firstElementChild.cloneNode(true);
  const { at, end } = moment;
  shown.set(row, moment);
  row.querySelector("a").href = `${moment.page}?t=${end ? `${at},${end}` : at}`;
  row.querySelector(".time").textContent = clock(at);
  row.querySelector("a [dir]").textContent = moment.words || moment.title;
  row.querySelector("small").textContent = [end && `to ${clock(end)}`, moment.words && moment.title, moment.starred].filter(Boolean).join(", ");
  prepareButton(row.querySelector(".play"), moment);
  const note = row.querySelector("textarea");
  note.value = moment.note ?? "";
  note.setAttribute("aria-label", `Note on ${timeOf(moment)} ${moment.words}`);
  row.querySelector("[data-removes]").setAttribute("aria-label", `Remove ${timeOf(moment)} ${moment.words}`);
  return row;
}

function drawCount() {
  const isEmpty = !starredMoments().length;
  const empty = page().querySelector("[data-empty]");
  empty.hidden = list().children.length > 0;
  if (isEmpty && !isStorable()) empty.textContent = "This browser can't store moments: its storage is blocked or full.";
  page().querySelector("[data-full]").hidden = isEmpty;
  page().querySelector("[data-plays-all]").hidden = !list().querySelector("[data-play]");
  drawControls();
}

function draw() {
  if (!page()) return;
  page().hidden = false;
  list().replaceChildren(...starredMoments().map(rowOf));
  drawCount();
}

/* Another tab changed them. Whoever writes a note goes on. */
function redraw() {
  if (page() && !list().contains(document.activeElement)) draw();
}

/* In place of the row: what was removed, and how to have it back. */
function remove(row) {
  const moment = shown.get(row);
  const place = unstar(moment);
  if (place < 0) {
    announce(NOT_STORED);
    return;
  }
  const left = document.createElement("li");
  left.className = "removed";
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "secondary", textContent: "Undo" });
  left.append(`Removed: ${timeOf(moment)} ${moment.words} `, undo);
  undo.setAttribute("aria-label", `Undo removing ${timeOf(moment)} ${moment.words}`);
  undo.addEventListener("click", () => {
    if (!star(moment, place)) return;
    const again = rowOf(moment);
    left.replaceWith(again);
    drawCount();
    again.querySelector("[data-removes]").focus();
    announce("Restored");
  });
  row.replaceWith(left);
  drawCount();
  undo.focus();
  announce("Removed");
}

/* Ask the page of imported moments for their audio, and where the episode is today. Returns what completes
   them. */
async function find(path) {
  const response = await fetch(path, { headers: { Accept: "text/html" } });
  const read = new DOMParser().parseFromString(await response.text(), "text/html");
  const control = read.querySelector("main .listen [data-play]");
  if (!response.ok || !control) throw new Error("no audio");
  const starts = Array.from(read.querySelectorAll("main .topics a[data-seconds]"), ({ dataset }) => Number(dataset.seconds));
  const complete = (each) => ({ ...each, ...episodeOf(control), until: starts.find((start) => start > each.at) });
  storeMoments(starredMoments().map((each) => each.page === path ? complete(each) : each));
  return complete;
}

async function findAll() {
  const unknown = new Set(starredMoments().filter(({ audio }) => !audio).map((each) => each.page));
  const missing = new Set();
  for (const path of unknown) await find(path).catch(() => missing.add(path)); // a press tries again
  redraw();
  for (const row of list()?.children ?? []) if (missing.has(shown.get(row)?.page)) sayMissing(row);
}

function sayMissing(row) {
  row.querySelector("small").textContent = "Its episode isn't on this site any more, or has no audio, or you are offline.";
}

async function playFound(button) {
  const row = button.closest("li");
  const moment = shown.get(row);
  try {
    const complete = await find(moment.page);
    shown.set(row, complete(moment));
  } catch {
    sayMissing(row);
    announce("It can't be played");
    return;
  }
  prepareButton(button, shown.get(row));
  button.click();
}

async function onFile(button) {
  const { copy, importFrom, save } = await import("./moments_file.js");
  if (button.dataset.export === "file") {
    save();
  } else if (button.dataset.export === "copy") {
    copy();
  } else {
    const words = await importFrom(button.form);
    draw();
    button.form.querySelector("[data-imported]").textContent = words;
    findAll();
  }
}

function onClick({ target }) {
  if (!target.closest?.("[data-my-moments]")) return;
  const button = target.closest("button");
  if (button?.matches(".play:not([data-play])")) playFound(button);
  else if (button?.matches("[data-removes]")) remove(button.closest("li"));
  else if (button?.matches("[data-export], [data-imports]")) onFile(button);
}

function onInput({ target }) {
  const row = target.closest(".my-moments > li");
  if (!row) return;
  const note = target.value.trim();
  if (!changeMoment(shown.get(row), { note })) announce(NOT_STORED);
  else shown.get(row).note = note;
}

document.addEventListener("click", onClick);
document.addEventListener("input", onInput);
document.addEventListener("page:shown", draw);
document.addEventListener("stars", () => { if (page()) drawCount(); });
addEventListener("storage", redraw);
draw();
