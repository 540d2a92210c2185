// What is typed is shown at once in the frame beside it; without script a button shows it.
"use strict";
const look = document.querySelector("[data-look]");
let waiting;
let drawn = 0;

// In a frame of its own each time: whoever goes back leaves the page, and does not walk through every letter they typed. Each has a
// name of its own too: a frame that is renamed may still be found by the name it was born with.
function show() {
  const old = document.querySelector(".look iframe:last-child");
  const fresh = old.cloneNode(false);
  drawn += 1;
  fresh.name = look.formTarget = `look-${drawn}`;
  fresh.removeAttribute("src");
  fresh.classList.add("coming");
  old.after(fresh);
  fresh.addEventListener("load", () => {
    while (fresh.previousElementSibling) fresh.previousElementSibling.remove();
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
