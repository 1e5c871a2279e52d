/* The text box, by lines. Line numbers start at 1, as in problems. */

export const box = document.getElementById("text");
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/* Start and end of a line; the end of the text beyond the last line. */
function rangeOf(number) {
  let start = 0;
  let left = number - 1;
  for (const { 0: sign, index } of box.value.matchAll(LINE_END)) {
    if (left === 0) return [start, index];
    left -= 1;
    start = index + sign.length;
  }
  return left ? [box.value.length, box.value.length] : [start, box.value.length];
}

export function line(number) {
  return box.value.slice(...rangeOf(number));
}

/* The number of the line with the caret. */
export function caretLine() {
  return [...box.value.slice(0, box.selectionStart).matchAll(LINE_END)].length + 1;
}

/* Select a line and scroll to it; also focus the box unless told otherwise. */
export function select(number, { focus = true } = {}) {
  const [start, end] = rangeOf(number);
  box.setSelectionRange(start, end);
  box.scrollTop = heightOf(box.value.slice(0, start)) - box.clientHeight / 3;
  if (!focus) return;
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
}

/* Replace a line so that the browser's Undo reverts it. */
export function replaceLine(number, text) {
  const focused = document.activeElement;
  const { scrollTop } = box;
  replaceRange(...rangeOf(number), text);
  box.scrollTop = scrollTop;
  if (focused !== box) focused?.focus({ preventScroll: true });
}

/* Replace part of the text so that the browser's Undo reverts it; the caret ends behind it. */
export function replaceRange(start, end, text) {
  box.focus({ preventScroll: true });
  box.setSelectionRange(start, end);
  // Deprecated, but the only way that Undo supports.
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    box.setRangeText(text, start, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/* The height of this text, wrapped as in the box. */
function heightOf(text) {
  const copy = document.createElement("div");
  const style = getComputedStyle(box);
  for (const name of ["font", "letterSpacing", "lineHeight", "padding", "tabSize"]) copy.style[name] = style[name];
  Object.assign(copy.style, {
    position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word",
    boxSizing: "border-box", width: `${box.clientWidth}px`,
  });
  copy.textContent = text;
  box.after(copy);
  const height = copy.offsetHeight;
  copy.remove();
  return height;
}
