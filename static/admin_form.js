// Forms of the portal: rows come, move and go without a new page, and countries are offered by name. Everything works without it.
"use strict";

let turns = 0;

// The server draws the form; this only puts it in place of the one there is.
async function redraw(form, pressed) {
  const turn = ++turns;
  const typed = (scope) => [...scope.querySelectorAll("input[type=text], textarea")].map((field) => [field.id, field.value]);
  const before = new Map(typed(form));
  const sent = new FormData(form);
  sent.append(pressed.name, pressed.value);
  const body = form.enctype === "multipart/form-data" ? sent : new URLSearchParams(sent);
  const answer = await fetch(form.action, { method: "POST", body });
  // Without its style, which stands here already.
  const html = (await answer.text()).replace(/<style[^]*?<\/style>/, "");
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("form.edit > fieldset.all");
  if (!fresh) throw new Error("no form");
  // Something was pressed meanwhile.
  if (turn !== turns) return;
  // What was typed meanwhile stays, where every field is still where it was.
  for (const [id, value] of pressed.value === "draw" ? typed(form) : []) {
    const field = fresh.querySelector(`#${CSS.escape(id)}`);
    if (field && before.get(id) !== value) field.value = value;
  }
  const here = document.activeElement?.id;
  const open = [...form.querySelectorAll("details")].map((details) => details.open);
  form.querySelector("fieldset.all").replaceWith(fresh);
  form.querySelectorAll("details").forEach((details, at) => { details.open ||= open[at]; });
  const next = fresh.querySelector("[autofocus]") || (here && document.getElementById(here));
  next?.focus();
}

function ask(form, pressed) {
  redraw(form, pressed).catch(() => {
    // As without script: the server answers with the whole page.
    const row = document.createElement("input");
    row.type = "hidden";
    row.name = pressed.name;
    row.value = pressed.value;
    form.append(row);
    form.submit();
  });
}

document.addEventListener("submit", (event) => {
  if (event.submitter?.name !== "row") return;
  event.preventDefault();
  ask(event.target, event.submitter);
});

// What is chosen here decides what else can be chosen.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-redraws]")) ask(event.target.form, { name: "row", value: "draw" });
});

// After the last comma, the countries whose names hold what is typed.
const offered = document.createElement("datalist");
offered.id = "countries-offered";
document.body.append(offered);

function offer(field) {
  const typed = field.value.split(",");
  const last = typed.pop().trim().toLowerCase();
  const before = typed.map((name) => `${name.trim()}, `).join("");
  const names = [...document.querySelectorAll("select[data-names] option")].filter((option) => option.value);
  const fit = names.filter((option) => last && option.text.toLowerCase().includes(last)).slice(0, 12);
  const told = (option) => (option.text.includes(",") ? option.value : option.text);
  offered.replaceChildren(...fit.map((option) => Object.assign(document.createElement("option"), { value: before + told(option), label: option.text })));
  field.setAttribute("list", offered.id);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-countries]")) offer(event.target);
});
