/* Pauses after some minutes, or at the end of the chapter or of the queue's item. */

import { announce } from "./announce.js";
import { audio, chapterAt, chapters, position } from "./audio.js";

const select = document.querySelector("#player [data-sleep]");
let end = null; // seconds at which the chapter ends, null for its audio's end
let due = 0; // milliseconds, as Date.now()

/* Whether what plays may go on past its end; else it pauses there, and the timer is off. */
export function sleepsNow() {
  if (select.value !== "end") return false;
  sleep();
  return true;
}

function sleep() {
  select.value = "";
  audio.pause();
  announce("Paused by the sleep timer");
}

function aim() {
  end = chapters.find(({ start }) => start > (chapterAt()?.start ?? 0))?.start ?? null;
}

function onTime() {
  if (audio.paused || !select.value) return;
  if (select.value === "end" ? end !== null && position() >= end : Date.now() >= due) sleep();
}

select.addEventListener("change", () => {
  due = Date.now() + Number(select.value) * 60_000;
  aim();
});
for (const event of ["chapters", "sought"]) audio.addEventListener(event, aim);
audio.addEventListener("episode", () => { if (select.value === "end") aim(); });
audio.addEventListener("timeupdate", onTime);
