/* Conveniences of the import pages; everything works without them. */
ckan.module("actionplan-import-upload", function () {
  return {
    /* Says before the upload, not after it, that a document is too large. */
    initialize: function () {
      const form = this.el[0];
      const input = form.querySelector("input[type=file]");
      const message = form.querySelector("#upload-error");
      const limit = Number(this.options.limit);
      const tooLarge = () => {
        const file = input.files[0];
        const wrong = Boolean(file && file.size > limit);
        input.classList.toggle("is-invalid", wrong);
        message.textContent = wrong ? this.options.message : "";
        return wrong;
      };
      input.addEventListener("change", tooLarge);
      form.addEventListener("submit", (event) => {
        if (tooLarge()) {
          event.preventDefault();
          input.focus();
          return;
        }
        const button = form.querySelector("button[type=submit]");
        button.textContent = this.options.waiting;
        // Disabled at once, a button can cancel its own form.
        window.setTimeout(() => (button.disabled = true), 0);
      });
    },
  };
});

ckan.module("actionplan-import-rows", function () {
  return {
    initialize: function () {
      const form = this.el[0];
      this.offerUnfolding(form);
      this.openTarget();
      window.addEventListener("hashchange", () => this.openTarget());
      this.warnBeforeLosing(form);
    },

    offerUnfolding: function (form) {
      const button = form.querySelector("[data-actionplan-unfold]");
      const rows = form.querySelectorAll("details");
      const words = [button.textContent, button.dataset.fold];
      let open = false;
      button.hidden = false;
      button.addEventListener("click", () => {
        open = !open;
        rows.forEach((row) => (row.open = open));
        button.textContent = words[open ? 1 : 0];
      });
    },

    openTarget: function () {
      const row = document.getElementById(window.location.hash.slice(1));
      if (row && row.tagName === "DETAILS") {
        row.open = true;
        row.scrollIntoView();
      }
    },

    /* The browser itself asks, in its own words. */
    warnBeforeLosing: function (form) {
      let changed = false;
      form.addEventListener("change", () => (changed = true));
      form.addEventListener("submit", () => (changed = false));
      window.addEventListener("beforeunload", (event) => {
        if (changed) {
          event.preventDefault();
        }
      });
    },
  };
});

/* Ticking or typing an organization says that organizations are meant. */
document.addEventListener("change", (event) => {
  const who = event.target.dataset && event.target.dataset.actionplanWho;
  if (who && (event.target.checked || event.target.value)) {
    document.getElementById(who).checked = true;
  }
});

/* Enter finds organizations; it does not send the page. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-actionplan-pick]")) {
    event.preventDefault();
  }
});
