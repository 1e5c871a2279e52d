// Brings a field into view, whatever hides it: a pane, a fold.

const openers = []

/* Have `open(element)` called before an element is shown. */
export const reveals = (open) => openers.push(open)

export function reveal(element) {
  for (const open of openers) open(element)
  for (let fold = element.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true
}
