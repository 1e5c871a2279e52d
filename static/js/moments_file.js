/* Exports the starred moments as Markdown, and imports them again. */

import { isSame, NOT_STORED, starredMoments, storeMoments, today } from "./starred_moments.js";
import { fromMarkdown, toMarkdown } from "./moments_markdown.js";
import { announce } from "./announce.js";

function text() {
  const show = document.querySelector('meta[property="og:site_name"]').content;
  return toMarkdown(starredMoments(), `My moments on ${show}`, location.origin);
}

export function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text()], { type: "text/markdown" }));
  link.download = "my-moments.md";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/* To the clipboard; where that is blocked, as a file. */
export async function copy() {
  try {
    await navigator.clipboard.writeText(text());
    announce("Copied");
  } catch {
    save();
  }
}

function joinNotes(own, other) {
  if (!other || own?.includes(other)) return own;
  return own ? `${own}\n${other}` : other;
}

/* Add imported moments behind the own ones. Returns what to say. */
function add(imported, others) {
  const all = starredMoments();
  const before = all.length;
  for (const each of imported) {
    const own = all.find((one) => isSame(one, each));
    if (own) own.note = joinNotes(own.note, each.note);
    else all.push(each);
  }
  if (!storeMoments(all)) return NOT_STORED;
  const added = all.length - before;
  return [
    `${added} moment${added === 1 ? "" : "s"} imported.`,
    added < imported.length && `${imported.length - added} were here already.`,
    others > 0 && `${others} other link${others === 1 ? "" : "s"} left out.`,
  ].filter(Boolean).join(" ");
}

/* Import the file and the text of this form. Returns what to say. */
export async function importFrom(form) {
  const [file] = form.querySelector("input").files;
  const { moments, others } = fromMarkdown(`${file ? await file.text() : ""}\n${form.querySelector("textarea").value}`);
  form.reset();
  if (!moments.length) return "There are no moments in it.";
  return add(moments.map((each) => ({ ...each, starred: each.starred ?? today() })), others);
}
