/* What this device stores, in localStorage. Where that is blocked nothing is stored, and all else works. */

export function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/* Store the value; null removes it. False if the storage is blocked or full. */
export function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

/* A JSON value with a version, `{"version": 1, "value": …}`, so that it survives a new release:
   `upgrade` makes a value of what an earlier one stored, also without a version. What a later release
   stored, before a rollback, is left alone: `read` gives `empty`, and `write` returns false. */
export function record(name, version, empty, upgrade = () => empty) {
  const stored = () => {
    try {
      return JSON.parse(read(name));
    } catch {
      return null;
    }
  };
  return {
    read() {
      const found = stored();
      if (found === null || found.version > version) return structuredClone(empty);
      return found.version === version ? found.value : upgrade(found);
    },
    write(value) {
      return !(stored()?.version > version) && write(name, JSON.stringify({ version, value }));
    },
  };
}
