/* Shows which rows of a publisher's page speak of the same thing.
 *
 * Tasks, datasets and criteria carry data-actionplan-concerns with ids of criteria.
 * Pointing at one marks the others; a task's button keeps them marked. Without
 * script the page says the same in words. A filter brings new rows into the page.
 */
this.ckan.module("actionplan-highlight", function ($) {
  "use strict";

  const MARK = "actionplan-related";
  const ROW = "[data-actionplan-concerns]";

  return {
    initialize: function () {
      const root = this.el[0];
      this._read();
      root.addEventListener("mouseover", (event) => this._point(event.target));
      root.addEventListener("mouseleave", () => this._mark(this.pinned));
      root.addEventListener("focusin", (event) => this._point(event.target));
      root.addEventListener("click", (event) => this._pin(event.target));
      root.addEventListener("htmx:afterSwap", () => this._read());
    },

    _read: function () {
      const root = this.el[0];
      this.pinned = null;
      this.rows = Array.from(root.querySelectorAll(ROW));
      root.querySelectorAll(".actionplan-highlight-button").forEach((button) => {
        button.hidden = false;
      });
      this._mark(null);
    },

    _concerns: function (row) {
      return row.dataset.actionplanConcerns.split(" ");
    },

    _point: function (target) {
      if (!this.pinned) {
        this._mark(target.closest(ROW));
      }
    },

    _pin: function (target) {
      const button = target.closest(".actionplan-highlight-button");
      if (!button) {
        return;
      }
      const pressed = button.getAttribute("aria-pressed") === "true";
      this.el[0]
        .querySelectorAll(".actionplan-highlight-button[aria-pressed='true']")
        .forEach((other) => other.setAttribute("aria-pressed", "false"));
      button.setAttribute("aria-pressed", String(!pressed));
      this.pinned = pressed ? null : button.closest(ROW);
      this._mark(this.pinned);
    },

    _mark: function (source) {
      const wanted = source ? this._concerns(source) : [];
      this.rows.forEach((row) => {
        const shared = row !== source && this._concerns(row).some((id) => wanted.includes(id));
        row.classList.toggle(MARK, shared);
      });
    },
  };
});
