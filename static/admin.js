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
// A picture from this device, as the text that is kept of it.
const logo = document.getElementById("logo");
if (logo && !logo.readOnly && !logo.closest("fieldset[disabled]")) {
  const file = document.createElement("input");
  file.type = "file";
  file.accept = "image/png,image/jpeg,image/webp,image/svg+xml";
  file.setAttribute("aria-label", "Choose a picture from this device, 16 KB at most");
  const told = document.createElement("p");
  told.className = "wrong";
  told.setAttribute("role", "alert");
  logo.after(file, told);
  file.addEventListener("change", () => {
    const [picture] = file.files;
    told.textContent = "";
    if (!picture) return;
    if (picture.size > 16 * 1024) {
      told.textContent = `This picture has ${Math.ceil(picture.size / 1024)} KB; 16 are the most.`;
      return;
    }
    const reader = new FileReader();
    reader.addEventListener("load", () => { logo.value = reader.result; });
    reader.readAsDataURL(picture);
  });
}
