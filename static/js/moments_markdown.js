/* Moments as Markdown, and back: a list of links, each with its note as a quote.

   - [25:26 Recap of AWS services](https://show.example/podcast/37-a?t=1526), A title, 2026-11-30
     > The note */

import { clock } from "./times.js";

const LINK = /^\s*[-*+] \[((?:\\.|[^\\\]])*)\]\(([^()\s]+)\)(?:, (.*?))??(?:, (\d{4}-\d\d-\d\d))?\s*$/s;
const MOMENT = /^(\/podcast\/[-\w]+)\/?\?t=(\d{1,6})(?:,(\d{1,6}))?$/;
const QUOTE = /^\s*>(?: (.*))?$/s;
const SPECIAL = /[\\`*_[\]<>&~|]/g;
const BLOCK = /^(\s*\d*)([#+=.)-])/; // would begin a heading, a list or a rule

function escape(text) {
  return text.replace(SPECIAL, "\\$&").replace(BLOCK, "$1\\$2");
}

function unescape(text) {
  return text.replace(/\\([!-/:-@[-`{-~])/g, "$1");
}

function inLine(text) {
  return text.replace(/\s+/g, " ").trim();
}

function lineOf({ page, at, end, words, title, starred }, origin) {
  const time = end ? `${clock(at)}–${clock(end)}` : clock(at);
  const label = escape(inLine(`${time} ${words}`));
  const address = `${origin}${page}?t=${end ? `${at},${end}` : at}`;
  return [`- [${label}](${address})`, escape(inLine(title ?? "")), starred].filter(Boolean).join(", ");
}

/* The moments as Markdown. `from` says where they are from; `origin` begins their addresses. */
export function toMarkdown(moments, from, origin) {
  const entries = moments.map((each) => [
    lineOf(each, origin),
    ...(each.note ? each.note.split("\n").map((line) => line ? `  > ${escape(line)}` : "  >") : []),
  ].join("\n"));
  return `# ${escape(from)}\n\n${entries.join("\n")}\n`;
}

function momentOf([, label, address, title, starred]) {
  const { pathname, search } = URL.canParse(address) ? new URL(address) : {};
  const [, page, at, end] = MOMENT.exec(`${pathname}${search}`.replace(/%2C/i, ",")) ?? [];
  if (!page) return null;
  const words = unescape(label).replace(/^[\d:–]+(?: |$)/, "");
  return { page, at: Number(at), end: Number(end) || null, words, title: unescape(title ?? ""), note: "", starred };
}

/* The moments in a text, and how many links and notes it has beside them. */
export function fromMarkdown(text) {
  const moments = [];
  let current = null;
  let others = 0;
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const quote = QUOTE.exec(line);
    const link = quote ? null : LINK.exec(line);
    if (quote && current) {
      current.notes.push(unescape(quote[1] ?? ""));
    } else if (link) {
      const moment = momentOf(link);
      current = moment && { moment, notes: [] };
      if (current) moments.push(current);
      else others += 1;
    }
  }
  return { moments: moments.map(({ moment, notes }) => ({ ...moment, note: notes.join("\n").trim() })), others };
}
