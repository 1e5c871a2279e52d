/* The way to the search box: `/` (see keys.js). Where there is a box, what it proposes is loaded too. */

import { shortcut } from "./keys.js";

let wanted = false; // pressed on a page without a box: the search page is on its way

function toBox() {
  const box = document.getElementById("q");
  wanted = !box;
  if (box) box.select();
  else document.querySelector('.site-header a[href$="/search"]').click();
}

function prepare() {
  if (!document.getElementById("q")) return;
  import("./suggest.js");
  if (wanted) toBox();
}

document.addEventListener("page:shown", prepare);
shortcut("/", toBox);
prepare();
