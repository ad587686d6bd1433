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
      this.keepAsOneGoes(form);
    },

    offerUnfolding: function (form) {
      const button = form.querySelector("[data-actionplan-unfold]");
      if (!button) {
        return;
      }
      const rows = form.querySelectorAll("details.actionplan-import-row");
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

    /*
     * What is typed goes to the server by htmx. Until it is kept there it is also
     * remembered here, so that it outlives signing in again and the way back.
     */
    keepAsOneGoes: function (form) {
      const place = "actionplan-import-" + this.options.draft;
      const seen = () => form.querySelector("#actionplan-import-seen").value;
      const valueOf = (field) =>
        field.type === "checkbox" ? field.checked : field.value;
      let typed = {};
      let underWay = 0;
      let waiting = null;
      let leaving = false;

      const remember = () => {
        if (Object.keys(typed).length) {
          const kept = { seen: seen(), typed: typed };
          window.sessionStorage.setItem(place, JSON.stringify(kept));
        } else {
          window.sessionStorage.removeItem(place);
        }
      };
      const forget = (sent) => {
        Object.keys(sent).forEach((name) => {
          if (typed[name] === sent[name]) {
            delete typed[name];
          }
        });
        remember();
      };
      const say = (name) => {
        const words = form.querySelector(`template[data-actionplan-${name}]`);
        form
          .querySelector("#actionplan-import-status")
          .replaceChildren(words.content.cloneNode(true));
      };

      form.addEventListener("input", (event) => {
        const field = event.target;
        // Boxes of one name are sent at once; words that are looked for are not kept.
        if (
          form.elements[field.name] === field &&
          field.closest("[hx-post]") &&
          !field.matches("[data-actionplan-pick]")
        ) {
          typed[field.name] = valueOf(field);
          remember();
        }
      });
      form.addEventListener("htmx:beforeRequest", (event) => {
        if (leaving) {
          event.preventDefault();
          return;
        }
        const sent = {};
        event.detail.elt.querySelectorAll("[name]").forEach((field) => {
          sent[field.name] = valueOf(field);
        });
        event.detail.elt.actionplanSent = sent;
        underWay += 1;
      });
      form.addEventListener("htmx:afterRequest", (event) => {
        underWay -= 1;
        const status = event.detail.xhr.status;
        if (event.detail.successful) {
          if (!form.querySelector("[data-actionplan-refused]")) {
            forget(event.detail.elt.actionplanSent);
          }
        } else if (!event.detail.elt.matches("[data-actionplan-pick]")) {
          say(status >= 400 && status < 500 ? "signed-out" : "offline");
        }
        if (waiting && !underWay) {
          form.requestSubmit(waiting);
        }
      });
      form.addEventListener("submit", (event) => {
        if (underWay && !waiting) {
          // The page must have heard what state of the import it goes on from.
          event.preventDefault();
          waiting = event.submitter;
          return;
        }
        leaving = true;
      });
      window.addEventListener("pageshow", () => {
        leaving = false;
        waiting = null;
      });
      /* The browser itself asks, in its own words. */
      window.addEventListener("beforeunload", (event) => {
        if (!leaving && Object.keys(typed).length) {
          event.preventDefault();
        }
      });
      this.bringBack(form, place, seen());
    },

    /* What was typed and never reached the server, when nothing else has changed. */
    bringBack: function (form, place, seen) {
      const kept = JSON.parse(window.sessionStorage.getItem(place) || "null");
      window.sessionStorage.removeItem(place);
      if (!kept || kept.seen !== seen) {
        return;
      }
      const blocks = new Map();
      Object.keys(kept.typed).forEach((name) => {
        const field = form.elements[name];
        const value = kept.typed[name];
        if (!field) {
          return;
        }
        if (field.type === "checkbox") {
          field.checked = value;
        } else {
          field.value = value;
        }
        blocks.set(field.closest("[hx-post]"), field);
        const row = field.closest("details");
        if (row) {
          row.open = true;
        }
      });
      const send = () =>
        blocks.forEach((field) =>
          field.dispatchEvent(new Event("input", { bubbles: true })),
        );
      // The scripts that send it may not have looked at the page yet.
      window.addEventListener("load", () => window.setTimeout(send, 0));
      if (document.readyState === "complete") {
        send();
      }
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
