/* Corrections that the server doesn't have yet, stored in this browser until it does. */

const key = `desk-transcript:${location.pathname}`;

function read() {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}") ?? {};
  } catch {
    return {}; // no storage, or not ours
  }
}

function write(lines) {
  try {
    if (Object.keys(lines).length) localStorage.setItem(key, JSON.stringify(lines));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/* Values of the line's form, by its number. False if they can't be stored. */
export function keep(number, values) {
  return write({ ...read(), [number]: values });
}

export function forget(number) {
  const { [number]: gone, ...others } = read();
  if (gone) write(others);
}

export const pending = () => Object.entries(read());
