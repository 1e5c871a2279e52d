/* Pasted rich text keeps its links and lists, and pasted HTML becomes notes: the server converts both.

   The plain text comes first, so that nothing is lost if the server can't be reached, and Undo
   leads back to it. Without this module only the plain text is pasted. */

import { box, replaceRange } from "./box.js";
import { renewToken } from "./token.js";

const RICH = /<(?:a|li|h[1-6])[\s>]/i;
const SOURCE = /<(?:p|li|div|h[1-6])\b[^<>]*>/i;
const notice = document.getElementById("conversion");
let converting = null;

function onPaste(event) {
  const html = event.clipboardData?.getData("text/html") ?? "";
  const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r\n?/g, "\n");
  if (!RICH.test(html) && !SOURCE.test(text)) return;
  event.preventDefault();
  const { selectionStart: start, selectionEnd: end, value } = box;
  const isWhole = !value.slice(0, start).trim() && !value.slice(end).trim();
  replaceRange(start, end, text);
  notice.replaceChildren();
  const latest = convert({ html, text, whole: isWhole ? "1" : "" }, start).finally(() => {
    if (converting === latest) converting = null;
  });
  converting = latest;
}

async function convert(pasted, start) {
  renewToken(box.form);
  const body = new FormData();
  for (const [name, value] of Object.entries(pasted)) body.append(name, value);
  body.append("csrfmiddlewaretoken", box.form.elements.csrfmiddlewaretoken.value);
  let answer;
  try {
    const response = await fetch(box.dataset.convert, { method: "POST", body });
    if (response.status === 204) return;
    if (response.redirected || response.status === 403) throw new Error("you are signed out");
    if (response.status === 413) throw new Error("they make it too long, so paste it in parts");
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    answer = await response.json();
  } catch (error) {
    const reason = error instanceof TypeError ? "the server can’t be reached" : error.message;
    notice.textContent = `Only the plain text was pasted, without links: ${reason}.`;
    return;
  }
  const end = start + pasted.text.length;
  if (box.value.slice(start, end) !== pasted.text) {
    notice.textContent = "You changed the pasted text before its links were read: only the plain text is here.";
    return;
  }
  const { selectionStart, selectionEnd } = box;
  replaceRange(start, end, answer.text);
  const moved = (place) => (place >= end ? place + answer.text.length - pasted.text.length : Math.min(place, start + answer.text.length));
  box.setSelectionRange(moved(selectionStart), moved(selectionEnd));
  notice.replaceChildren(...new DOMParser().parseFromString(answer.notice, "text/html").body.childNodes);
}

/* A text is sent with its links. */
async function onSubmit(event) {
  if (!converting) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  await converting;
  box.form.requestSubmit(submitter?.isConnected ? submitter : undefined);
}

box.addEventListener("paste", onPaste);
box.addEventListener("input", ({ inputType }) => { if (inputType?.startsWith("history")) notice.replaceChildren(); });
box.form.addEventListener("submit", onSubmit);
