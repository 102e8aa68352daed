// Copy a block of code; where the browser refuses, select it instead.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const code = document.getElementById(button.dataset.copy);
    const label = button.firstChild;
    try {
      await navigator.clipboard.writeText(code.textContent);
      label.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      label.textContent = "Selected";
    }
    setTimeout(() => { label.textContent = "Copy"; }, 1500);
  });
}
