/* Text the server doesn't have yet, stored in this browser until it does. */

import { box } from "./box.js";

const offer = document.getElementById("unsaved");
const textKey = () => `desk-text:${document.getElementById("writing").getAttribute("action")}`;
const versionKey = () => `${textKey()}:seen`;

/* Store the text and its base version. False if that failed, as for notes of several megabytes. */
export function store(base) {
  try {
    localStorage.setItem(textKey(), box.value);
    localStorage.setItem(versionKey(), base);
    return true;
  } catch {
    return false;
  }
}

/* Forget the text: the server has it. */
export function clear() {
  try {
    localStorage.removeItem(textKey());
    localStorage.removeItem(versionKey());
  } catch {
    // Without storage there is nothing to remove.
  }
}

/* Offer the stored text if the box holds another; `onRestore` gets its base version. */
export function offerRestore(onRestore) {
  let text = null;
  let base = null;
  try {
    text = localStorage.getItem(textKey());
    base = localStorage.getItem(versionKey());
  } catch {
    return;
  }
  if (text === null || text === box.value) {
    clear();
    return;
  }
  offer.hidden = false;
  document.getElementById("restore").addEventListener("click", () => {
    offer.hidden = true;
    box.focus();
    box.value = text;
    onRestore(base);
  });
  document.getElementById("discard").addEventListener("click", () => {
    offer.hidden = true;
    box.focus();
    clear();
  });
}
