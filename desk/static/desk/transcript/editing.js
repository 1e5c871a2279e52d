/* A line's words and speaker are corrected in place, and saved on the server while they are typed. */

import { clear, keyOf, store, stored } from "../unsaved.js";
import { refuse } from "../writing/refusal.js";
import { renewToken } from "../writing/token.js";
import { hear } from "./player.js";
import { selectWord, wordAt } from "./words.js";

const PAUSE = 500; // milliseconds after the last key
const RETRY = 10_000;
const template = document.getElementById("correcting");
const saved = document.getElementById("saved");
const corrected = document.getElementById("corrected");
const saving = document.getElementById("transcript-save");
const editors = new Map(); // by the line's element

/* Until the server has a line, this browser keeps it. */
const keyOfLine = (number) => keyOf(location.pathname, `line-${number}`);
const keep = (number, values) => store(keyOfLine(number), { number, ...values });
const forget = (number) => clear(keyOfLine(number));

function say(text) {
  if (saved.textContent !== text) saved.textContent = text;
}

function count(number) {
  corrected.firstElementChild.textContent = number;
  corrected.hidden = document.getElementById("discarding").hidden = number === "0";
}

class Editor {
  constructor(item, form) {
    this.item = item;
    this.form = form;
    this.number = form.elements.line.value;
    this.before = this.values();
    this.closed = null; // the line as the server shows it, without a form
    this.isDirty = false;
    this.theirs = null; // in a conflict: what the line says now, which only “Done” replaces
    this.sending = null;
    this.timer = 0;
    form.addEventListener("input", () => this.onChange());
    form.addEventListener("keydown", (event) => this.onKey(event));
    form.addEventListener("submit", (event) => this.onSubmit(event));
    form.querySelector(".close").addEventListener("click", (event) => {
      event.preventDefault();
      this.revert();
    });
  }

  values() {
    const { text, speaker, seen } = this.form.elements;
    return { text: text.value, speaker: speaker.value, seen: seen.value };
  }

  onChange() {
    this.isDirty = true;
    if (!keep(this.number, this.values())) say("This browser can’t store your words; the server will.");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  onKey(event) {
    if (event.key === "Escape") this.revert();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) hear(this.item);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target.matches("textarea, input")) this.finish();
    else return;
    event.preventDefault();
  }

  async onSubmit(event) {
    const action = event.submitter?.value;
    renewToken(this.form);
    if (action === "from") {
      clearTimeout(this.timer);
      forget(this.number);
      return; // the page comes back with all lines
    }
    event.preventDefault();
    if (action === "public") await this.post("public") && this.close();
    else await this.finish();
  }

  /* Save what was typed. False if the server doesn't have it. */
  async save() {
    clearTimeout(this.timer);
    await this.sending;
    if (this.theirs) return false;
    if (!this.isDirty) return true;
    this.sending = this.post("line");
    const isSaved = await this.sending;
    this.sending = null;
    return isSaved;
  }

  async post(action) {
    renewToken(this.form);
    const sent = this.values();
    const body = new FormData(this.form);
    body.set("do", action);
    this.isDirty = false;
    let response;
    let answer;
    try {
      response = await fetch(this.form.getAttribute("action"), { method: "POST", body, headers: { "X-Part": "line" } });
      await refuse(response);
      if (response.status === 404) throw new Error("The transcript has no such line any more.");
      if (![200, 409, 422].includes(response.status)) throw new Error(`The server could not save the line (${response.status}).`);
      answer = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("li");
    } catch (error) {
      const reason = error instanceof TypeError ? "The server can’t be reached." : error.message;
      say(`${reason} Your words are saved in this browser.`);
      this.isDirty = true;
      this.timer = setTimeout(() => this.save(), RETRY);
      return false;
    }
    if (response.ok) this.onSaved(answer, sent);
    else this.onRefused(answer, response.status);
    return response.ok;
  }

  onSaved(answer, sent) {
    const { text, speaker } = this.values();
    this.form.elements.seen.value = this.item.dataset.seen = answer.dataset.seen;
    this.item.classList.toggle("corrected", answer.classList.contains("corrected"));
    this.form.querySelector('[value="public"]').hidden = !answer.classList.contains("corrected");
    this.form.querySelector(".conflict, .errorlist")?.remove();
    this.closed = answer;
    count(answer.dataset.corrected);
    if (text === sent.text && speaker === sent.speaker) forget(this.number);
    else keep(this.number, this.values());
    say("Saved, not public yet.");
  }

  /* Show why, in a form with the words as they are now; they are in this browser, too. */
  onRefused(answer, status) {
    const { text, speaker } = this.values();
    const form = answer.querySelector("form");
    const notes = form.querySelector(".conflict, .errorlist");
    this.form.querySelector(".conflict, .errorlist")?.remove();
    this.form.querySelector("textarea").before(notes);
    this.theirs = status === 409 ? form.elements.seen.value : null;
    this.isDirty = true;
    keep(this.number, { text, speaker, seen: this.before.seen });
    say(status === 409 ? "Somebody else changed this line while you were correcting it." : "Not saved: see the line.");
  }

  async finish() {
    if (this.theirs) this.form.elements.seen.value = this.theirs;
    this.theirs = null;
    if (await this.save()) this.close();
  }

  /* As it was when it was opened. */
  async revert() {
    const { text, speaker } = this.before;
    const now = this.values();
    if (this.theirs) {
      forget(this.number); // theirs stays
      const there = new URL(`?at=${this.number}#line-${this.number}`, location);
      location.replace(there);
      if (there.search === new URL(location).search) location.reload(); // only the fragment differs
      return;
    }
    if (now.text !== text || now.speaker !== speaker) {
      this.form.elements.text.value = text;
      this.form.elements.speaker.value = speaker;
      this.onChange();
    }
    await this.finish();
  }

  close() {
    clearTimeout(this.timer);
    const hadFocus = this.item.contains(document.activeElement);
    editors.delete(this.item);
    if (this.closed) {
      const item = document.getElementById(this.item.id); // the first of two answers has replaced it
      for (const name of ["sounding", "found"]) this.closed.classList.toggle(name, item.classList.contains(name));
      item.replaceWith(this.closed);
    } else {
      this.form.remove();
      for (const part of this.item.querySelectorAll(".speaker, .said")) part.hidden = false;
    }
    saving.elements.at.value = this.number;
    if (hadFocus) document.querySelector(`#line-${this.number} .said`)?.focus({ preventScroll: true });
  }
}

function adopt(item, form) {
  const editor = new Editor(item, form);
  editors.set(item, editor);
  return editor;
}

function makeForm(item, { text, speaker, seen }) {
  const form = template.content.firstElementChild.cloneNode(true);
  form.elements.line.value = item.id.replace("line-", "");
  form.elements.seen.value = seen;
  form.elements.text.value = text;
  form.elements.text.setAttribute("aria-label", `Words of the line at ${item.querySelector(".time").textContent}`);
  form.elements.speaker.value = form.elements.former.value = speaker;
  form.querySelector('[value="public"]').hidden = !item.classList.contains("corrected");
  for (const part of item.querySelectorAll(".speaker, .said")) part.hidden = true;
  item.append(form);
  return form;
}

function shown(item) {
  const said = item.querySelector(".said");
  return { text: said.dataset.empty ? "" : said.textContent, speaker: item.querySelector(".speaker").textContent, seen: item.dataset.seen };
}

/* Open a line, with the word under the pointer selected. Other lines close once they are saved. */
export function openLine(item, event) {
  for (const other of editors.values()) if (!other.theirs) other.finish();
  const word = event?.detail ? wordAt(event, item.querySelector(".said")) : null;
  const { form } = adopt(item, makeForm(item, shown(item)));
  form.elements.text.focus({ preventScroll: true });
  selectWord(form.elements.text, word);
  item.scrollIntoView({ block: "nearest" });
}

/* Send what an earlier visit could not; a line that changed since is opened as a conflict. */
async function sendPending(lines) {
  let sent = 0;
  for (const { value } of stored(location.pathname)) {
    const item = lines.querySelector(`#line-${Number(value?.number)}`);
    if (!item) continue; // on another page of the transcript
    if (!item.querySelector("form.correcting")) adopt(item, makeForm(item, value));
    const editor = editors.get(item);
    editor.before = shown(item);
    editor.isDirty = true;
    if (!await editor.save()) continue;
    editor.close();
    sent += 1;
  }
  if (sent) say(`Saved from an earlier visit: ${sent} line${sent === 1 ? "" : "s"}, not public yet.`);
}

async function saveAll() {
  const all = await Promise.all([...editors.values()].map((each) => each.save()));
  return all.every(Boolean);
}

/* Save first, then make it public. */
async function onPublish(event) {
  renewToken(saving);
  const { submitter } = event;
  const [editor] = editors.values();
  if (editor) saving.elements.at.value = editor.number;
  if (submitter?.value === "discard") {
    for (const each of editors.values()) forget(each.number);
    return;
  }
  if (![...editors.values()].some((each) => each.isDirty || each.sending)) return;
  event.preventDefault();
  if (await saveAll()) saving.requestSubmit(submitter ?? undefined);
}

export function prepareEditing(lines) {
  for (const form of lines.querySelectorAll("form.correcting")) adopt(form.closest("li"), form);
  saving.addEventListener("submit", onPublish);
  addEventListener("online", saveAll);
  document.addEventListener("visibilitychange", () => { if (document.hidden) saveAll(); });
  sendPending(lines);
}
