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
