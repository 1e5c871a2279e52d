/* A host who is signed in gets pencils; the page itself is everyone's. The cookie opens no door. */

if (document.cookie.split("; ").includes("desk=1")) import("./pencils.js");
