/* `/` focuses the search box (see shortcuts.js). Pages with a box load suggestions. */

import { shortcut } from "./shortcuts.js";
import "./found_words.js";

let isPending = false; // pressed on a page without a box: the search page is loading

function toBox() {
  const box = document.getElementById("q");
  isPending = !box;
  if (box) box.select();
  else document.querySelector('.site-header a[href$="/search"]').click();
}

function prepare() {
  if (!document.getElementById("q")) return;
  import("./suggest.js");
  if (isPending) toBox();
}

document.addEventListener("page:shown", prepare);
shortcut("/", toBox);
prepare();
