/* Single-character shortcuts. They can be switched off, for users of speech input (WCAG 2.2, 2.1.4).
   `?` lists them, `/` focuses the search box. */

import { prefer, preference } from "./preferences.js";

const TYPED_INTO = "input:not([type=range], [type=checkbox]), select, textarea, [contenteditable]";
const actions = new Map();
const dialog = document.getElementById("keys");
let isSearchPending = false; // pressed on a page without a box: the search page is loading

function isOn() {
  return preference("shortcuts") !== "off";
}

/* Run `act` when the key is pressed, unless shortcuts are off or the focus is in a text field. If it
   returns false, the browser handles the key. */
export function shortcut(key, act) {
  actions.set(key, act);
}

function onKey(event) {
  const act = actions.get(event.key);
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!isOn() || event.target.closest(TYPED_INTO)) return;
  if (act() !== false) event.preventDefault();
}

function toSearch() {
  const box = document.getElementById("q");
  isSearchPending = !box;
  if (box) box.select();
  else document.querySelector('.site-header a[href$="/search"]').click();
}

function prepare() {
  if (isSearchPending && document.getElementById("q")) toSearch();
  for (const choice of document.querySelectorAll("[data-shortcut]")) {
    choice.checked = isOn();
    choice.parentElement.hidden = false;
  }
}

function onChange({ target }) {
  if (!target.matches("[data-shortcut]")) return;
  prefer("shortcuts", target.checked ? "on" : "off");
  prepare();
}

document.addEventListener("keydown", onKey);
document.addEventListener("change", onChange);
document.addEventListener("click", ({ target }) => { if (target.closest("[data-keys]")) dialog.showModal(); });
document.addEventListener("page:shown", prepare);
shortcut("/", toSearch);
shortcut("?", () => dialog.open ? dialog.close() : dialog.showModal());
prepare();
