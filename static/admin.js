// The portal's few comforts. Everything works without them.
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(text);
      const said = button.textContent;
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = said; }, 2000);
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    }
  });
}
const again = document.querySelector("[data-reload]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.reload) * 1000);
// A form is looked at while it is filled in: what a save would say stands beside the fields that were changed, and only there.
for (const form of document.querySelectorAll("form[data-check]")) {
  const touched = new Set();
  const said = document.createElement("p");
  said.className = "said";
  said.setAttribute("role", "status");
  form.append(said);
  let waiting, asking;
  // Rows of a table are one field.
  const head = (input) => input.name.split(".")[0];
  const tell = (name, what) => {
    const beside = /\.(typed|remove)$/;
    const inputs = [...form.elements].filter((one) => one.name && head(one) === name && !beside.test(one.name));
    const field = inputs[0]?.closest(".field");
    if (!field) return;
    const label = field.querySelector("legend, .label, label");
    const id = `${name}-wrong`;
    let told = document.getElementById(id);
    if (told?.textContent === what || (!told && !what)) return;
    if (!told) {
      told = document.createElement("p");
      told.className = "wrong";
      told.id = id;
      (field.querySelector(".hint") ?? label).after(told);
    }
    for (const input of inputs) {
      const ids = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
      if (what) ids.push(id);
      if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
      else input.removeAttribute("aria-describedby");
      if (what) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    if (what) told.textContent = what;
    else told.remove();
    said.textContent = `${label.textContent}: ${what || "nothing is wrong any more."}`;
  };
  const ask = async () => {
    clearTimeout(waiting);
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(form.dataset.check, {
        method: "POST",
        headers: { accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
        signal: asking.signal,
      });
      if (!answer.ok || !answer.headers.get("content-type")?.startsWith("application/json")) return;
      const wrong = await answer.json();
      for (const name of touched) tell(name, wrong[name] ?? "");
    } catch {
      // Left, or asked again: saving tells all of it.
    }
  };
  form.addEventListener("input", (event) => {
    if (!event.target.name) return;
    touched.add(head(event.target));
    clearTimeout(waiting);
    waiting = setTimeout(ask, 700);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name) ask();
  });
}
