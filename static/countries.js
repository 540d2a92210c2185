// The list of countries on the phone page: searchable by any name, ISO code or dialling code. Without it, a plain <select>.
(() => {
  const doc = document, at = (id) => doc.getElementById(id), select = at('country');
  if (!select) return;
  const make = (tag, props, attrs = {}) => {
    const made = Object.assign(doc.createElement(tag), props);
    for (const name in attrs) made.setAttribute(name, attrs[name]);
    return made;
  };
  // Digits of any script as 0-9.
  const plain = (text) => text.replace(/[٠-٩۰-۹०-९０-９]/g, (c) => (c.charCodeAt(0) - [0x660, 0x6f0, 0x966, 0xff10].findLast((zero) => zero <= c.charCodeAt(0))));

  const { more, search: hint, found } = select.dataset;
  const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const all = [...new Map([...select.options].map((o) => [o.value, { iso: o.value, text: o.text, key: fold(o.text + ' ' + o.value) }])).values()];
  let known;
  const learn = () => known ||= fetch(more).then((r) => r.json()).then((rows) => {
    const by = new Map(rows.map((r) => [r.iso, r]));
    for (const c of all) {
      const r = by.get(c.iso);
      if (r) Object.assign(c, r, { key: fold([r.name, r.english, r.iso, '+' + r.dial, r.alias].join(' ')) });
    }
  }).catch(() => { known = null; });

  const open = make('button', { type: 'button', className: 'pick', id: 'pick' },
    { 'aria-expanded': false, 'aria-haspopup': 'listbox', 'aria-controls': 'list', 'aria-labelledby': 'country-label pick' });
  const field = make('input', { type: 'text', placeholder: hint, autocomplete: 'off', spellcheck: false },
    { role: 'combobox', 'aria-label': hint, 'aria-expanded': true, 'aria-controls': 'list', 'aria-autocomplete': 'list' });
  const list = make('ul', { id: 'list' }, { role: 'listbox', 'aria-labelledby': 'country-label' });
  const count = make('p', {}, { role: 'status' });
  const panel = make('div', { className: 'panel', hidden: true });
  panel.append(field, count, list);
  select.hidden = true;
  select.after(open, panel);
  at('country-label').onclick = (e) => { e.preventDefault(); open.focus(); };

  let active;
  const show = () => { open.textContent = select.selectedOptions[0]?.text; };
  const choose = (iso) => { select.value = iso; show(); };
  const mark = (row) => {
    active?.setAttribute('aria-selected', false);
    active = row;
    row?.setAttribute('aria-selected', true);
    row?.scrollIntoView({ block: 'nearest' });
    field.setAttribute('aria-activedescendant', row?.id || '');
  };
  const draw = () => {
    const want = fold(plain(field.value)).replace(/^00/, '+').trim();
    const hits = all.filter((c) => c.key.includes(want));
    const rank = (c) => (c.key.split(' ').includes(want) ? 0 : c.key.startsWith(want) ? 1 : 2);
    if (want) hits.sort((a, b) => rank(a) - rank(b));
    list.replaceChildren(...hits.map((c) => make('li', { id: 'c-' + c.iso, textContent: c.text }, { role: 'option', 'aria-selected': false, 'data-iso': c.iso })));
    count.textContent = `${found} ${hits.length}`;
    mark(want ? list.firstChild : at('c-' + select.value));
  };
  const toggle = (on, back) => {
    panel.hidden = !on;
    open.setAttribute('aria-expanded', on);
    if (on) { field.value = ''; draw(); field.focus(); learn()?.then(draw); } else if (back) open.focus();
  };
  const take = (row) => { if (row) choose(row.dataset.iso); toggle(false, true); };
  open.onclick = () => toggle(panel.hidden, true);
  open.onkeydown = (e) => { if (/^Arrow(Down|Up)$/.test(e.key)) { e.preventDefault(); toggle(true); } };
  field.oninput = draw;
  field.onkeydown = (e) => {
    const go = { ArrowDown: active ? active.nextSibling || active : list.firstChild, ArrowUp: active?.previousSibling, Home: !field.value && list.firstChild, End: !field.value && list.lastChild }[e.key];
    if (go) mark(go);
    else if (e.key == 'Enter') take(active);
    else if (e.key == 'Escape') toggle(false, true);
    else return;
    e.preventDefault();
  };
  list.onmousedown = (e) => e.preventDefault();
  list.onclick = (e) => take(e.target.closest('li'));
  panel.addEventListener('focusout', (e) => { if (!panel.contains(e.relatedTarget) && e.relatedTarget != open) toggle(false); });
  addEventListener('pageshow', show);
  show();

  // A typed + or 00 says the country itself.
  at('identifier').addEventListener('input', async (e) => {
    const typed = plain(e.target.value).replace(/[^\d+]/g, '').match(/^(?:\+|00)([1-9]\d*)$/)?.[1];
    if (!typed) return;
    await learn();
    const fits = all.filter((c) => c.dial && typed.startsWith(c.dial)).sort((a, b) => String(b.dial).length - String(a.dial).length);
    const near = (c) => c.lead?.split(' ').some((lead) => typed.slice(String(c.dial).length).startsWith(lead));
    const hit = fits.find(near) || fits.find((c) => c.iso == select.value && !c.lead) || fits.find((c) => c.main) || fits[0];
    if (hit) choose(hit.iso);
  });
})();
