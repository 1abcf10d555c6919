// What pages do beyond links and forms. Everything here can be missing.
const root = document.documentElement;
const find = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const toast = find("#toast");

const stored = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* switched off */ } },
};

let toastTimer;
// say tells what the script did, on the page and to those who listen.
function say(text, seconds = 4) {
  clearTimeout(toastTimer);
  toast.textContent = text;
  toastTimer = setTimeout(() => { toast.textContent = ""; }, seconds * 1000);
}

// The theme: the system's, light or dark.
const theme = find("#theme");
theme.value = root.dataset.theme || "";
theme.addEventListener("change", () => {
  stored.set("theme", theme.value);
  if (theme.value) root.dataset.theme = theme.value; else delete root.dataset.theme;
});

// Copying says so only when it is done; where it cannot be, what to copy is selected.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.replace(/\n$/, ""));
    say("Copied.");
  } catch {
    getSelection().selectAllChildren(source);
    say("Selected: press Ctrl+C to copy.", 10);
  }
});

// Type-ahead, as the combobox of the ARIA Authoring Practices.
function typeAhead(input, n) {
  const status = Object.assign(document.createElement("div"), { className: "hidden" });
  status.setAttribute("role", "status");
  const list = Object.assign(document.createElement("ul"), { id: `options-${n}`, className: "options", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  input.after(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.autocomplete = "off";
  let timer, request, items = [], at = -1;

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function choose(i) {
    const item = items[i];
    close();
    if (item.project) {
      const pair = new URLSearchParams();
      for (const name of ["pg_version", "platform"]) {
        const value = input.form.elements[name]?.value;
        if (value) pair.set(name, value);
      }
      location.assign(`/extensions/${encodeURIComponent(item.project)}${pair.size ? `?${pair}` : ""}`);
      return;
    }
    input.value = item.text;
    input.form.requestSubmit();
  }
  function mark(i) {
    at = i;
    all("[role=option]", list).forEach((option, j) => option.setAttribute("aria-selected", String(j === i)));
    if (i < 0) return input.removeAttribute("aria-activedescendant");
    const option = list.children[i];
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  function show(found) {
    items = found.slice(0, 8);
    list.replaceChildren(...items.map((item, i) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(item.text);
      if (item.description) option.append(Object.assign(document.createElement("small"), { textContent: item.description }));
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(i));
      return option;
    }));
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = items.length === 1 ? "1 suggestion" : `${items.length || "No"} suggestions`;
  }
  async function ask() {
    const text = input.value.trim();
    request?.abort();
    if (text.length < 2) return close();
    request = new AbortController();
    try {
      const answer = await fetch(`/api/v1/suggest?q=${encodeURIComponent(text)}`, { signal: request.signal });
      if (answer.ok && document.activeElement === input) show((await answer.json()).items);
    } catch { /* aborted or away: what was typed can still be searched for */ }
  }
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, 150);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: none of them, which is what was typed.
      mark((at + 1 + step + items.length + 1) % (items.length + 1) - 1);
    } else if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      choose(at);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (open) close(); else input.value = "";
    }
  });
}
all("input[data-suggest]").forEach(typeAhead);

// What was left open need not be in the address.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});

// Keys, for those who want them.
const help = find("#keys");
const keysOff = find("#keys-off");
keysOff.checked = stored.get("keys") === "off";
keysOff.addEventListener("change", () => stored.set("keys", keysOff.checked ? "off" : ""));
find("#show-keys").addEventListener("click", () => help.showModal());
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysOff.checked || help.open) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "/") {
    const input = find("main input[data-suggest]") || find("input[data-suggest]");
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
  } else if (event.key === "?") {
    event.preventDefault();
    help.showModal();
  }
});

// A summary of what is wrong with a form is told first.
find("[data-take-focus]")?.focus();

root.classList.add("scripted");
