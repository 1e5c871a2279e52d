/* The field for a note beside a star that was just pressed. There is one at a time. */

import { changeMoment, findStarred, NOT_STORED } from "./starred_moments.js";
import { announce } from "./announce.js";

const template = document.getElementById("star-note");
let form = null;

function place(button) {
  closeNote();
  form = template.content.firstElementChild.cloneNode(true);
  const player = button.closest("#player");
  if (player) player.append(form); // above the bar
  else button.after(form);
}

export function closeNote() {
  form?.remove();
  form = null;
}

/* The focus stays on the star; the field is the next stop. */
export function openNote(button, moment) {
  place(button);
  const field = form.querySelector("input");
  field.value = findStarred(moment)?.note ?? "";

  function finish(words) {
    closeNote();
    button.focus({ preventScroll: true });
    if (words) announce(words);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (changeMoment(moment, { note: field.value.trim() })) finish("Note saved");
    else tell(button, NOT_STORED);
  });
  form.addEventListener("keydown", ({ key }) => { if (key === "Escape") finish(); });
}

/* Why it wasn't stored. */
export function tell(button, words) {
  place(button);
  form.replaceChildren(words);
  announce(words);
}
