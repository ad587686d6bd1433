/* The form of a plan: rows of tasks, executors and amendments.
 *
 * Works on what the server printed; every text arrives in attributes or templates.
 * Without this script a plan can still be corrected, rows only not added or moved.
 */
this.ckan.module('actionplan-plan-form', function ($) {
  'use strict';

  var DIGITS = 4;
  var PAUSE_MS = 350;

  function all(root, selector) {
    return Array.prototype.slice.call(root.querySelectorAll(selector));
  }

  function lines(text) {
    return text.split('\n').map(function (line) { return line.trim(); })
      .filter(function (line) { return line; });
  }

  return {
    options: { wordsUrl: '', moved: '', found: '' },

    initialize: function () {
      this.form = this.el[0];
      this.status = this.form.querySelector('[data-actionplan-status]');
      this.serial = all(this.form, '[data-actionplan-row]').length;
      all(this.form, '[data-actionplan-toolbar]').forEach(function (bar) {
        bar.hidden = false;
      });
      this.form.addEventListener('click', this.onClick.bind(this));
      this.form.addEventListener('input', this.onInput.bind(this));
      this.form.addEventListener('change', this.onChange.bind(this));
      this.form.addEventListener('keydown', this.onKey.bind(this));
      this.form.addEventListener('submit', this.number.bind(this));
      // A task is filled in when it is opened: 200 of them would be slow at once.
      this.form.addEventListener('toggle', this.onToggle.bind(this), true);
      all(this.form, 'details.actionplan-task[open]').forEach(this.fill, this);
      this.participants();
      // The list of owners is select2, which tells its changes to jQuery only.
      $(this.form).on('change', '[name="owner_org"]', this.proposed.bind(this));
      // A new plan has the first owner of the list before anybody chooses one.
      if (!this.form.querySelector('[name="form_modified"]')) { this.proposed(); }
      this.openTarget();
      window.addEventListener('hashchange', this.openTarget.bind(this));
      var problems = this.form.querySelector('.actionplan-problems');
      if (problems && !window.location.hash) { problems.focus(); }
    },

    onClick: function (event) {
      var button = event.target.closest('button');
      if (!button || !this.form.contains(button)) { return; }
      var data = button.dataset;
      if (data.actionplanAdd) { this.add(data.actionplanAdd); }
      if (data.actionplanDo) { this.act(data.actionplanDo, button); }
      if (data.actionplanOpen) { this.toggleAll(data.actionplanOpen, true); }
      if (data.actionplanClose) { this.toggleAll(data.actionplanClose, false); }
      if (data.actionplanName) { this.addName(button); }
      if (data.actionplanTick) { this.tick(data.actionplanTick.split(' ')); }
      if (data.actionplanTake) {
        document.getElementById(data.actionplanInto).value = data.actionplanTake;
        this.changed();
      }
    },

    onInput: function (event) {
      var target = event.target;
      if (target.dataset.actionplanFind) { this.find(target); }
      if (target.dataset.actionplanDue) { this.read(target); }
      this.show(target);
      if (/^field-executors-.+-name$/.test(target.id)) { this.refresh(); }
    },

    onChange: function (event) {
      var target = event.target;
      if (target.dataset.actionplanPlace !== undefined) { this.place(target); }
      if (target.closest('[data-actionplan-participants]')) { this.participants(); }
      if (/^executors-/.test(target.name) || target.name === 'participants') {
        this.whoever();
        this.refresh();
      }
      if (/^tasks-.+-executors$/.test(target.name)) {
        this.leads(target.closest('[data-actionplan-row]'));
      }
    },

    // Enter in a search box or a place must not send the whole form.
    onKey: function (event) {
      var data = event.target.dataset;
      if (event.key !== 'Enter') { return; }
      if (data.actionplanPlace !== undefined) {
        event.preventDefault();
        this.place(event.target);
      } else if (data.actionplanFind) {
        event.preventDefault();
      }
    },

    onToggle: function (event) {
      if (event.target.open && event.target.matches('details.actionplan-task')) {
        this.fill(event.target);
      }
    },

    rows: function (name) {
      return this.form.querySelector('[data-actionplan-rows="' + name + '"]');
    },

    add: function (name, after) {
      var list = this.rows(name);
      var template = this.form.querySelector('[data-actionplan-template="' + name + '"]');
      var index = String(this.serial++).padStart(DIGITS, '0');
      var holder = document.createElement('ol');
      holder.innerHTML = template.innerHTML.split('__INDEX__').join(index);
      var row = holder.querySelector('[data-actionplan-row]');
      if (after) { after.after(row); } else { list.append(row); }
      if (name === 'tasks' && after) { this.copySection(after, row); }
      if (name === 'executors') { this.participants(); }
      all(row, 'details').forEach(this.fill, this);
      row.querySelector('input:not([type=hidden]), textarea, select').focus();
      this.changed();
    },

    // A task added below another one most often stands in the same section.
    copySection: function (from, to) {
      var source = from.querySelector('[name$="-section"]');
      to.querySelector('[name$="-section"]').value = source ? source.value : '';
    },

    act: function (what, button) {
      var row = button.closest('[data-actionplan-row]');
      if (what === 'insert') { this.add('tasks', row); return; }
      if (what === 'remove' || what === 'undo') {
        this.remove(row, what === 'remove');
        return;
      }
      var other = what === 'up' ? row.previousElementSibling : row.nextElementSibling;
      if (!other) { return; }
      if (what === 'up') { other.before(row); } else { other.after(row); }
      button.focus();
      this.announce(row);
    },

    remove: function (row, removed) {
      var body = row.querySelector('.actionplan-body');
      var note = row.querySelector('[data-actionplan-removed]');
      body.disabled = removed;
      body.hidden = removed;
      note.hidden = !removed;
      var name = row.querySelector('[name$="-title"], [name$="-name"], [name$="-document"]');
      var number = row.querySelector('[name$="-number"]');
      note.querySelector('[data-actionplan-title]').textContent =
        [number && number.value, name && name.value].filter(Boolean).join(' ');
      (removed ? note : row).querySelector('button').focus();
      this.changed();
      this.refresh();
    },

    place: function (input) {
      var row = input.closest('[data-actionplan-row]');
      var wanted = parseInt(input.value, 10);
      input.value = '';
      if (!wanted) { return; }
      var list = row.parentElement;
      var others = Array.prototype.filter.call(list.children, function (child) {
        return child !== row;
      });
      var next = others[Math.max(0, wanted - 1)];
      if (next) { next.before(row); } else { list.append(row); }
      row.scrollIntoView({ block: 'nearest' });
      input.focus();
      this.announce(row);
    },

    announce: function (row) {
      var rows = Array.prototype.slice.call(row.parentElement.children);
      this.status.textContent = this.options.moved
        .replace('{position}', rows.indexOf(row) + 1)
        .replace('{count}', rows.length);
      this.changed();
    },

    changed: function () {
      // CKAN's basic-form warns of unsaved changes when an input changes.
      $(this.form).trigger('change');
    },

    toggleAll: function (name, open) {
      all(this.rows(name), 'details').forEach(function (details) {
        details.open = open;
      });
    },

    find: function (input) {
      var text = input.value.trim().toLocaleLowerCase();
      var rows = Array.prototype.slice.call(this.rows(input.dataset.actionplanFind).children);
      var shown = 0;
      rows.forEach(function (row) {
        var words = row.textContent + all(row, 'input[type=text], textarea')
          .map(function (field) { return field.value; }).join(' ');
        var match = !text || words.toLocaleLowerCase().indexOf(text) !== -1;
        row.hidden = !match;
        shown += match ? 1 : 0;
      });
      this.status.textContent = this.options.found
        .replace('{count}', shown).replace('{all}', rows.length);
    },

    // The closed row says what tells it from the others.
    show: function (target) {
      var match = /^tasks-.+-(number|title)$/.exec(target.name || '');
      var row = match && target.closest('[data-actionplan-row]');
      if (row) {
        row.querySelector('[data-actionplan-show="' + match[1] + '"]').textContent = target.value;
      }
    },

    read: function (input) {
      var words = document.getElementById(input.dataset.actionplanDue);
      var output = words.querySelector('output');
      var row = input.closest('[data-actionplan-row]');
      var url = this.options.wordsUrl;
      clearTimeout(input.actionplanTimer);
      input.actionplanTimer = setTimeout(function () {
        fetch(url + '?due=' + encodeURIComponent(input.value), {
          headers: { Accept: 'application/json' }
        }).then(function (response) {
          return response.ok ? response.json() : null;
        }).then(function (answer) {
          if (!answer) { return; }
          output.textContent = answer.words;
          words.classList.toggle('actionplan-wrong', !answer.valid);
          row.querySelector('[data-actionplan-show="due"]').textContent = answer.words;
        });
      }, PAUSE_MS);
    },

    // Whom the chosen owner may bind without asking.
    proposed: function () {
      var holder = this.form.querySelector('[data-actionplan-proposed]');
      var owner = this.form.querySelector('[name="owner_org"]');
      if (!holder || !owner) { return; }
      var url = holder.dataset.actionplanProposed;
      fetch(url + '?owner=' + encodeURIComponent(owner.value)).then(function (response) {
        return response.ok ? response.text() : '';
      }).then(function (html) { holder.innerHTML = html; });
    },

    tick: function (ids) {
      all(this.form, '[data-actionplan-participants] input').forEach(function (box) {
        if (ids.indexOf(box.value) !== -1) { box.checked = true; }
      });
      this.participants();
      this.refresh();
      this.changed();
    },

    chosen: function () {
      return all(this.form, '[data-actionplan-participants] input:checked').map(function (box) {
        return { id: box.value, title: box.parentElement.textContent.trim() };
      });
    },

    // Executors choose among the participants; what was chosen stays.
    participants: function () {
      var chosen = this.chosen();
      all(this.form, '[data-actionplan-organizations]').forEach(function (list) {
        var present = all(list, 'input').map(function (box) { return box.value; });
        all(list, 'label').forEach(function (label) {
          var box = label.querySelector('input');
          var kept = box.checked || chosen.some(function (each) { return each.id === box.value; });
          if (!kept) { label.remove(); }
        });
        chosen.forEach(function (each) {
          if (present.indexOf(each.id) !== -1) { return; }
          var label = document.createElement('label');
          var box = document.createElement('input');
          var text = document.createElement('span');
          box.type = 'checkbox';
          box.name = list.dataset.actionplanOrganizations;
          box.value = each.id;
          text.textContent = each.title;
          label.append(box, ' ', text);
          list.append(label);
        });
      });
      this.whoever();
    },

    // Only participants are chosen one by one.
    whoever: function () {
      all(this.form, '.actionplan-executors').forEach(function (body) {
        var who = body.querySelector('[name$="-who"]').value;
        body.querySelector('.actionplan-checks').hidden = who !== 'participants';
      });
    },

    // Names of the plan's executors and the organizations that they stand for.
    executors: function () {
      var chosen = this.chosen();
      var found = [];
      all(this.form, '.actionplan-executors').forEach(function (body) {
        var name = body.querySelector('[name$="-name"]').value.trim();
        var who = body.querySelector('[name$="-who"]').value;
        var boxes = all(body, '[data-actionplan-organizations] input:checked');
        if (body.disabled || !name) { return; }
        found.push({
          name: name,
          organizations: who === 'all' ? chosen : boxes.map(function (box) {
            return { id: box.value, title: box.parentElement.textContent.trim() };
          })
        });
      });
      var owner = this.form.querySelector('[name="owner_org"]');
      all(this.form, '.actionplan-executors [name$="-who"]').forEach(function (select) {
        if (select.value !== 'owner' || !owner) { return; }
        var name = select.closest('.actionplan-executors').querySelector('[name$="-name"]').value.trim();
        var option = owner.selectedOptions ? owner.selectedOptions[0] : null;
        found.forEach(function (each) {
          if (each.name === name && option) {
            each.organizations = [{ id: option.value, title: option.textContent.trim() }];
          }
        });
      });
      return found;
    },

    refresh: function () {
      all(this.form, 'details.actionplan-task[open]').forEach(this.fill, this);
    },

    fill: function (details) {
      var row = details.closest('[data-actionplan-row]');
      this.names(row);
      this.leads(row);
    },

    // Buttons with the executors that the task does not name yet.
    names: function (row) {
      var holder = row.querySelector('[data-actionplan-names]');
      var used = lines(document.getElementById(holder.dataset.actionplanNames).value);
      holder.textContent = '';
      this.executors().forEach(function (each) {
        if (used.indexOf(each.name) !== -1) { return; }
        var button = document.createElement('button');
        button.type = 'button';
        button.className = 'btn btn-sm actionplan-name';
        button.dataset.actionplanName = each.name;
        button.textContent = '+ ' + each.name;
        holder.append(button);
      });
    },

    addName: function (button) {
      var row = button.closest('[data-actionplan-row]');
      var holder = button.closest('[data-actionplan-names]');
      var field = document.getElementById(holder.dataset.actionplanNames);
      field.value = lines(field.value).concat(button.dataset.actionplanName).join('\n');
      this.names(row);
      this.leads(row);
      field.focus();
      this.changed();
    },

    leads: function (row) {
      var select = row.querySelector('[data-actionplan-lead]');
      var used = lines(row.querySelector('[name$="-executors"]').value);
      var possible = {};
      this.executors().forEach(function (each) {
        if (used.indexOf(each.name) === -1) { return; }
        each.organizations.forEach(function (organization) {
          possible[organization.id] = organization.title;
        });
      });
      all(select, 'option').forEach(function (option) {
        if (option.value && !option.selected && !possible[option.value]) { option.remove(); }
        delete possible[option.value];
      });
      Object.keys(possible).forEach(function (id) {
        select.append(new Option(possible[id], id));
      });
    },

    // Rows are numbered as they stand; removed ones send nothing.
    number: function () {
      all(this.form, '[data-actionplan-rows]').forEach(function (list) {
        var name = list.dataset.actionplanRows;
        var key = new RegExp('^' + name + '-\\d+-');
        Array.prototype.forEach.call(list.children, function (row, index) {
          var start = name + '-' + String(index).padStart(DIGITS, '0') + '-';
          all(row, '[name^="' + name + '-"]').forEach(function (field) {
            field.name = field.name.replace(key, start);
          });
        });
      });
    },

    // A link of the summary leads into a task that may be closed.
    openTarget: function () {
      var id = window.location.hash.slice(1);
      var target = id && document.getElementById(id);
      if (!target || !this.form.contains(target)) { return; }
      var details = target.closest('details');
      if (details) { details.open = true; }
      target.focus();
    }
  };
});
