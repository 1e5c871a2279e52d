/* Pauses after some minutes, or at the end of the chapter or of the queue's item. It is stored on the device, so
   that a reload doesn't end it. */

import { announce } from "./announce.js";
import { audio, chapterAt, chapters, position } from "./audio.js";
import { queuePosition } from "./queue_store.js";
import { record, write } from "./storage.js";

const NAME = "sleep";
const MINUTE = 60_000; // milliseconds
const NIGHT = 480; // minutes after which “end of chapter” is forgotten
const LOOK = 5000; // milliseconds between looks at the clock
const stored = record(NAME, 1, null); // { choice, due }
const select = document.querySelector("#player [data-sleep]");
const summary = document.querySelector("#player .more summary");
let end = null; // seconds at which the chapter ends, null for its audio's end
let due = 0; // milliseconds, as Date.now()
let timer = 0;
let isMissed = false; // it ran out while nothing played, which nobody was told
let isOver = false; // since it was set last

/* Whether what plays may go on past its end; else it pauses there, and the timer is off. */
export function sleepsNow() {
  if (select.value !== "end") return false;
  sleep();
  return true;
}

function sleep() {
  audio.pause();
  set("");
  showOver();
  announce("Paused by the sleep timer");
}

function showOver() {
  isOver = true;
  draw();
}

/* Stored until it is told. */
function miss() {
  [select.value, isMissed] = ["", true];
  showOver();
}

function aim() {
  end = chapters.find(({ start }) => start > (chapterAt()?.start ?? 0))?.start ?? null;
}

function set(choice, until = 0) {
  [select.value, due, isOver, isMissed] = [choice, until, false, false];
  if (choice) stored.write({ choice, due });
  else write(NAME, null);
  aim();
  draw();
}

function noun() {
  return queuePosition()?.noun ?? "chapter";
}

/* What is left of it, in the closed bar, too. */
function draw() {
  clearTimeout(timer);
  select.querySelector("[value=end]").textContent = `End of ${noun()}`;
  const minutes = Math.max(1, Math.ceil((due - Date.now()) / MINUTE));
  const [short, spoken] = {
    "": [isOver ? "Sleep over" : "", ""], // and it was announced
    end: [`End of ${noun()}`, `, pauses at the end of the ${noun()}`],
  }[select.value] ?? [`Sleep ${minutes} min`, `, pauses in ${minutes} minute${minutes === 1 ? "" : "s"}`];
  summary.querySelector("[data-shows=sleep]").textContent = short;
  summary.setAttribute("aria-label", `More player options${spoken}`);
  if (select.value) timer = setTimeout(look, LOOK);
}

/* What runs out while nothing plays is over: who plays later wants to hear it. */
function look() {
  if (audio.paused && Date.now() >= due) miss();
  else draw();
}

function tell() {
  if (!isMissed) return;
  isMissed = false;
  write(NAME, null);
  announce("The sleep timer is over");
}

function onTime() {
  if (audio.paused || !select.value) return;
  if (select.value === "end" ? end !== null && position() >= end : Date.now() >= due) sleep();
}

select.addEventListener("change", () => {
  set(select.value, Date.now() + MINUTE * (Number(select.value) || NIGHT));
});
for (const event of ["chapters", "sought"]) audio.addEventListener(event, aim);
audio.addEventListener("episode", () => { if (select.value === "end") aim(); });
audio.addEventListener("timeupdate", onTime);
audio.addEventListener("queue", draw);
audio.addEventListener("play", tell);

/* As it was left. */
const found = stored.read();
if (found && found.due <= Date.now()) miss();
else if (found?.due > Date.now() && [...select.options].some(({ value }) => value && value === found.choice)) set(found.choice, found.due);
else draw();
