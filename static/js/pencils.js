/* A pencil at each topic leads to its line in the episode's text at the desk. */

function makePencil(link, earlier) {
  const { pathname, searchParams } = new URL(link.href);
  const query = new URLSearchParams({ page: pathname, t: searchParams.get("t"), n: earlier });
  const pencil = document.createElement("a");
  pencil.className = "pencil";
  pencil.href = `/admin/pencil?${query}`;
  pencil.textContent = "✎";
  pencil.setAttribute("aria-label", `Edit the topic at ${(link.querySelector(".time") ?? link).textContent}`);
  return pencil;
}

function add() {
  const seen = new Map(); // how many topics of one episode share a second
  for (const link of document.querySelectorAll("main .topics > li > a[href*='?t=']")) {
    if (link.closest(".transcript") || link.parentElement.querySelector(".pencil")) continue;
    const earlier = seen.get(link.href) ?? 0;
    seen.set(link.href, earlier + 1);
    const words = link.parentElement.querySelector(":scope > span[dir]");
    if (words) words.append(" ", makePencil(link, earlier));
    else link.after(" ", makePencil(link, earlier));
  }
}

document.addEventListener("page:shown", add);
add();
