/* The word under the pointer, so that typing replaces it. */

const LETTER = /[\p{L}\p{M}\p{N}'’_-]/u;

/* Start and end of the word in this element's text at which the pointer is; null between words. */
export function wordAt({ clientX, clientY }, element) {
  const place = document.caretPositionFromPoint?.(clientX, clientY);
  const range = place ? null : document.caretRangeFromPoint?.(clientX, clientY);
  const node = place?.offsetNode ?? range?.startContainer;
  const offset = place?.offset ?? range?.startOffset;
  if (!node || node.parentElement !== element) return null;
  let [start, end] = [offset, offset];
  const text = node.data;
  while (start > 0 && LETTER.test(text[start - 1])) start -= 1;
  while (end < text.length && LETTER.test(text[end])) end += 1;
  return [start, end];
}

export function selectWord(box, word) {
  const [start, end] = word ?? [box.value.length, box.value.length];
  box.setSelectionRange(start, end);
}
