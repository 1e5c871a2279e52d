/* What pressing a star does, and the field for a note beside it. There is one at a time. */

import { changeMoment, findStarred, NOT_STORED, star, starredAt, unstar } from "./starred_moments.js";
import { announce } from "./announce.js";
import { chapterAt, chapters, episode, position } from "./audio.js";

const template = document.getElementById("star-note");
let form = null;

function place(button) {
  closeNote();
  form = template.content.firstElementChild.cloneNode(true);
  button.after(form);
}

function closeNote() {
  form?.remove();
  form = null;
}

/* The focus stays on the star; the field is the next stop. */
function openNote(button, moment) {
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
function tell(button, words) {
  place(button);
  form.replaceChildren(words);
  announce(words);
}

function playingMoment() {
  const at = Math.floor(position());
  return { ...episode, at, until: chapters.find(({ start }) => start > at)?.start, words: chapterAt()?.title ?? "" };
}

/* Star the moment, or take its star away. In the player it is what plays: null. */
export function pressStar(button, given) {
  const starred = given ? findStarred(given) : starredAt(episode, position());
  const moment = starred ?? given ?? playingMoment();
  const isStarred = Boolean(starred);
  const isStored = isStarred ? unstar(moment) >= 0 : star(moment);
  if (isStored) announce(isStarred ? "Removed from My moments" : "Added to My moments");
  if (!isStored) tell(button, NOT_STORED);
  else if (isStarred) closeNote();
  else openNote(button, moment);
}
