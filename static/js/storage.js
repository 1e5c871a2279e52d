/* localStorage. Where it is blocked nothing is stored, and all else works. */

export function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/* Store the value; null removes it. */
export function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Blocked, or full.
  }
}

/* A value stored as a JSON list of pairs; empty if there is none or it is invalid. */
export function readMap(name) {
  try {
    return new Map(JSON.parse(read(name)));
  } catch {
    return new Map();
  }
}
