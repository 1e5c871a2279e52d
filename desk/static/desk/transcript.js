/* The transcript of an episode: heard by line, corrected in place, searched. Without this module a
   line's time and words are links that do the same. */

import { openLine, prepareEditing } from "./transcript/editing.js";
import { prepareSearch } from "./transcript/find.js";
import { hear, preparePlayer, toggle } from "./transcript/player.js";

const lines = document.getElementById("lines");

function step(from, by) {
  const kind = from.classList.contains("time") ? ".time" : ".said";
  let item = from.closest("li");
  do item = by > 0 ? item.nextElementSibling : item.previousElementSibling;
  while (item && (item.hidden || !item.querySelector(kind)));
  item?.querySelector(kind).focus();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("form")) return;
  const item = event.target.closest("li");
  const act = {
    ArrowDown: () => step(event.target, 1),
    ArrowUp: () => step(event.target, -1),
    p: () => hear(item),
    " ": toggle,
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function onClick(event) {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.matches(".time") && hear(link.closest("li"))) event.preventDefault();
  if (link.matches(".said")) {
    event.preventDefault();
    openLine(link.closest("li"), event);
  }
}

lines.addEventListener("click", onClick);
lines.addEventListener("keydown", onKey);
for (const each of document.querySelectorAll(".scripted, #how .keys")) each.hidden = false;
preparePlayer(lines);
prepareEditing(lines);
prepareSearch(lines);
