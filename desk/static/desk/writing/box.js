/* The box that holds the notes, by its lines. Lines are counted from 1, as problems name them. */

export const box = document.getElementById("text");
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/* Where a line begins and ends in the text. Beyond the last line: its end. */
function placeOf(number) {
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
  return box.value.slice(...placeOf(number));
}

/* The line in which the caret stands. */
export function caretLine() {
  return [...box.value.slice(0, box.selectionStart).matchAll(LINE_END)].length + 1;
}

/* Select a line and bring it into view; with the focus, unless it shall stay where it is. */
export function select(number, { focus = true } = {}) {
  const [start, end] = placeOf(number);
  box.setSelectionRange(start, end);
  box.scrollTop = heightOf(box.value.slice(0, start)) - box.clientHeight / 3;
  if (!focus) return;
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
}

/* Put another text in a line's place, so that the browser's Undo takes it back. */
export function replaceLine(number, text) {
  const focused = document.activeElement;
  const { scrollTop } = box;
  box.focus({ preventScroll: true });
  box.setSelectionRange(...placeOf(number));
  // Deprecated, and the only way that Undo knows of.
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    box.setRangeText(text, ...placeOf(number), "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  box.scrollTop = scrollTop;
  if (focused !== box) focused?.focus({ preventScroll: true });
}

/* How high this much of the text is, wrapped as the box wraps it. */
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
