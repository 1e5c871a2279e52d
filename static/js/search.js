/* `/` focuses the search box (see shortcuts.js). */

import { shortcut } from "./shortcuts.js";

let isPending = false; // pressed on a page without a box: the search page is loading

function toBox() {
  const box = document.getElementById("q");
  isPending = !box;
  if (box) box.select();
  else document.querySelector('.site-header a[href$="/search"]').click();
}

function prepare() {
  if (isPending && document.getElementById("q")) toBox();
}

document.addEventListener("page:shown", prepare);
shortcut("/", toBox);
