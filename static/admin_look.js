// What is typed is shown at once in the frame beside it; without script a button shows it.
"use strict";
const look = document.querySelector("[data-look]");
let waiting;

// In a frame of its own each time: whoever goes back leaves the page, and does not walk through every letter they typed.
function show() {
  const old = document.querySelector(`iframe[name="${look.formTarget}"]`);
  const fresh = old.cloneNode(false);
  fresh.removeAttribute("src");
  fresh.classList.add("coming");
  old.name = "";
  old.after(fresh);
  fresh.addEventListener("load", () => {
    old.remove();
    fresh.classList.remove("coming");
  });
  look.form.requestSubmit(look);
}

for (const what of look ? ["input", "change"] : []) {
  look.form.addEventListener(what, () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 300);
  });
}
