/* What pressing a star does, the field for a note beside it, one at a time, and the notes beside stars. */

import { changeMoment, findStarred, NOT_STORED, star, starredAt, unstar } from "./starred_moments.js";
import { announce } from "./announce.js";
import { chapterAt, chapters, episode, position } from "./audio.js";

const template = document.getElementById("star-note");
let form = null;

function place(button) {
  closeNote();
  if (button.nextElementSibling?.matches("p.star-note")) button.nextElementSibling.remove();
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
    document.dispatchEvent(new Event("stars")); // the page shows the note
    button.focus({ preventScroll: true });
    if (words) announce(words);
  }
  function save() {
    const isStored = changeMoment(moment, { note: field.value.trim() });
    if (!isStored) tell(button, NOT_STORED);
    return isStored;
  }
  form.addEventListener("input", save);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (save()) finish("Note saved");
  });
  form.addEventListener("keydown", ({ key }) => { if (key === "Escape") finish(); });
}

/* Why it wasn't stored. */
function tell(button, words) {
  place(button);
  form.replaceChildren(words);
  announce(words);
}

/* It may have been a slip. */
function offerUndo(button, moment) {
  place(button);
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "secondary", textContent: "Undo" });
  undo.addEventListener("click", () => {
    if (!star(moment)) {
      tell(button, NOT_STORED);
      return;
    }
    closeNote();
    document.dispatchEvent(new Event("stars"));
    button.focus({ preventScroll: true });
    announce("Restored");
  });
  form.replaceChildren("Removed, with its note ", undo);
}

/* The note beside its star, to be read and changed. */
function noteOf(button, moment) {
  const shown = document.createElement("p");
  const note = Object.assign(document.createElement("span"), { dir: "auto", textContent: moment.note });
  const edit = Object.assign(document.createElement("button"), { type: "button", className: "secondary", textContent: "Edit the note" });
  edit.setAttribute("aria-label", `Edit the note on ${button.getAttribute("aria-label").replace(/^Star /, "")}`);
  edit.addEventListener("click", () => {
    openNote(button, moment);
    form.querySelector("input").focus();
  });
  shown.className = "star-note";
  shown.append(note, edit);
  return shown;
}

/* Of the page's starred moments with notes, each with its star. */
export function drawNotes(noted) {
  for (const each of document.querySelectorAll("main p.star-note")) each.remove();
  for (const [button, moment] of noted) if (!form || button.nextElementSibling !== form) button.after(noteOf(button, moment));
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
  else if (starred?.note) offerUndo(button, starred);
  else if (isStarred) closeNote();
  else openNote(button, moment);
}
