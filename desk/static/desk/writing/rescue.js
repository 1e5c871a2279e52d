/* Text the server doesn't have yet, kept in this browser until it does. */

import { box } from "./box.js";

const offer = document.getElementById("rescued");
const name = () => `desk-text:${document.getElementById("writing").getAttribute("action")}`;

const nameOfSeen = () => `${name()}:seen`;

/* With what it was made from. False when the browser has no room, as for notes of several megabytes. */
export function keepHere(seen) {
  try {
    localStorage.setItem(name(), box.value);
    localStorage.setItem(nameOfSeen(), seen);
    return true;
  } catch {
    return false;
  }
}

/* The server has what this browser kept. */
export function forget() {
  try {
    localStorage.removeItem(name());
    localStorage.removeItem(nameOfSeen());
  } catch {
    // A browser that refuses to keep anything has nothing to forget.
  }
}

/* Offer what was kept, if the box says something else; `putBack` is told what it was made from. */
export function offerKept(putBack) {
  let kept = null;
  let seen = null;
  try {
    kept = localStorage.getItem(name());
    seen = localStorage.getItem(nameOfSeen());
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
    putBack(seen);
  });
  document.getElementById("throw-away").addEventListener("click", () => {
    offer.hidden = true;
    box.focus();
    forget();
  });
}
