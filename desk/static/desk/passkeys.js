/* Passkeys: add one, or sign in with one. Buttons stay hidden where the browser knows no passkeys. */

async function post(address, body = {}) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  });
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  if (!isJson) throw new Error("The site didn’t answer as expected. Reload this page.");
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}

async function ask({ passkey, begin, complete }) {
  const options = await post(begin);
  const credential = passkey === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return post(complete, credential.toJSON());
}

const REASONS = {
  NotAllowedError: "No passkey was used. Try again, or go on without.",
  InvalidStateError: "This device has a passkey for your account already.",
};

for (const box of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) break;
  const button = box.querySelector("button");
  box.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const done = await ask(box.dataset);
      if (done.redirect_url) location.assign(done.redirect_url + location.hash);
      else location.reload();
    } catch (error) {
      box.querySelector("[role=status]").textContent = REASONS[error.name] ?? error.message;
      button.disabled = false;
    }
  });
}
