/* Text the server doesn't have yet, kept in this browser until it does. */

import { box } from "./box.js";

const offer = document.getElementById("rescued");
const name = () => `desk-text:${document.getElementById("writing").getAttribute("action")}`;

/* False when the browser has no room, as for notes of several megabytes. */
export function keepHere() {
  try {
    localStorage.setItem(name(), box.value);
    return true;
  } catch {
    return false;
  }
}

/* The server has what this browser kept. */
export function forget() {
  try {
    localStorage.removeItem(name());
  } catch {
    // A browser that refuses to keep anything has nothing to forget.
  }
}

/* Offer what was kept, if the box says something else. Answers whether it did. */
export function offerKept(putBack) {
  let kept = null;
  try {
    kept = localStorage.getItem(name());
  } catch {
    return;
  }
  if (kept === null || kept === box.value) {
    forget();
    return;
  }
  offer.hidden = false;
  document.getElementById("put-back").addEventListener("click", () => {
    offer.hidden = true;
    box.focus();
    box.value = kept;
    putBack();
  });
  document.getElementById("throw-away").addEventListener("click", () => {
    offer.hidden = true;
    box.focus();
    forget();
  });
}
