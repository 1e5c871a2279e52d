/* The way to the search box: `/`, unless it is switched off on the search page. Where there is a
   box, what it proposes is loaded too. */

const KEPT = "shortcut";
const TYPED_INTO = "input, select, textarea, [contenteditable]";
let wanted = false; // pressed on a page without a box: the search page is on its way

function isOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // no storage allowed
  }
}

function toBox() {
  const box = document.getElementById("q");
  wanted = !box;
  if (box) box.select();
  else document.querySelector('.bar a[href$="/search"]').click();
}

function prepare() {
  for (const choice of document.querySelectorAll("[data-shortcut]")) {
    choice.checked = isOn();
    choice.parentElement.hidden = false;
  }
  if (!document.getElementById("q")) return;
  import("./suggest.js");
  if (wanted) toBox();
}

function onKey(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!isOn() || event.target.closest(TYPED_INTO)) return;
  event.preventDefault();
  toBox();
}

function onChange({ target }) {
  if (target.matches("[data-shortcut]")) localStorage.setItem(KEPT, target.checked ? "on" : "off");
}

document.addEventListener("keydown", onKey);
document.addEventListener("change", onChange);
document.addEventListener("page:shown", prepare);
prepare();
