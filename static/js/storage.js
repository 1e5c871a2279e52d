/* What is kept on this device. Where nothing may be stored, nothing is, and all else works. */

export function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/* Keep the value, or forget it if it is null. */
export function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Not allowed, or full.
  }
}

/* What was kept as a JSON list of pairs; empty where nothing is, or something of another make. */
export function readMap(name) {
  try {
    return new Map(JSON.parse(read(name)));
  } catch {
    return new Map();
  }
}
