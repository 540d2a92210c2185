// What a script adds to the hosted pages. Without it everything works as well.
(() => {
  const doc = document, at = (id) => doc.getElementById(id);
  const make = (tag, props, attrs = {}) => {
    const made = Object.assign(doc.createElement(tag), props);
    for (const name in attrs) made.setAttribute(name, attrs[name]);
    return made;
  };
  // Digits of any script as 0-9.
  const plain = (text) => text.replace(/[٠-٩۰-۹०-९０-９]/g, (c) => (c.charCodeAt(0) - [0x660, 0x6f0, 0x966, 0xff10].findLast((zero) => zero <= c.charCodeAt(0))));

  // One tap, one request; ready again when someone comes back.
  const busy = (on) => doc.querySelectorAll('button[type=submit]').forEach((b) => { b.disabled = on || b.dataset.waits; });
  let sent = false;
  doc.addEventListener('submit', (e) => {
    if (sent) return e.preventDefault();
    sent = true;
    setTimeout(busy, 0, true);
    setTimeout(ready, 9000);
  });
  const ready = () => { sent = false; busy(false); };
  addEventListener('pageshow', ready);
  doc.querySelector('form[data-auto]')?.requestSubmit();
  // Times, as told here.
  doc.querySelectorAll('time').forEach((t) => { t.textContent = new Date(t.dateTime).toLocaleString(doc.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' }); });
  // Signed out: on, once every application's frame has loaded, or has had its time.
  const onward = doc.querySelector('a[data-onward]');
  if (onward) {
    const frames = doc.querySelectorAll('iframe'), on = () => location.replace(onward.href);
    let left = frames.length;
    frames.forEach((frame) => frame.addEventListener('load', () => --left || on()));
    setTimeout(on, 3000);
  }
  // Before an application opens again: long enough to be read.
  const go = doc.querySelector('a[data-go]');
  if (go) setTimeout(() => location.assign(go.href), 900);
  // Coming Back to a page that answered a form asks the server how things stand, instead of asking to send the form again.
  if (doc.querySelector('form[data-error]')) history.replaceState(null, '', location.href);

  const code = at('passcode');
  if (code) {
    const { digits, paste } = code.dataset, form = code.form;
    let free = !('error' in form.dataset);
    const tidy = () => {
      const found = plain(code.value).replace(/\D/g, '');
      if (found.length != digits) return;
      code.value = found;
      if (free) { free = false; form.requestSubmit(at('verify')); }
    };
    const fill = (text) => { code.value = text; code.focus(); tidy(); };
    code.addEventListener('input', tidy);
    if (navigator.clipboard?.readText) {
      const button = make('button', { type: 'button', className: 'paste', textContent: paste });
      button.onclick = () => navigator.clipboard.readText().then(fill, () => code.focus());
      (at('wrong') || code).after(button);
    }
    if ('OTPCredential' in window) {
      const stop = new AbortController();
      form.addEventListener('submit', () => stop.abort());
      navigator.credentials.get({ otp: { transport: ['sms'] }, signal: stop.signal }).then((otp) => fill(otp.code), () => {});
    }
  }

  // How the code fares, as the server hears of it. Without this a reload tells.
  const line = at('progress');
  if (line?.dataset.live && window.EventSource) {
    const news = new EventSource(line.dataset.live), lead = at('sent');
    news.addEventListener('progress', (e) => {
      const told = JSON.parse(e.data), was = code.form.offsetTop;
      if (line.textContent != told.text) line.textContent = told.text;
      line.className = told.tone;
      lead.replaceChildren(told.lead[0], lead.querySelector('bdi'), told.lead[1]);
      // A shorter sentence leaves the field where someone is typing.
      const up = was - code.form.offsetTop;
      if (up > 0) line.style.minHeight = `${line.offsetHeight + up}px`;
      doc.querySelectorAll('[name=by]').forEach((b) => { b.value ||= b.dataset.by; b.hidden = b.value == told.by; });
      if (told.settled) news.close();
    });
  }

  // The wait before asking again: ticks for the eye, said aloud only at its start and end.
  const wait = at('wait');
  if (wait) {
    const buttons = wait.closest('form').querySelectorAll('button'), said = make('p', { className: 'said' }, { role: 'status' });
    const { clock, now } = wait.dataset, end = Date.now() + wait.dataset.wait * 1000;
    const first = wait.textContent;
    wait.after(said);
    setTimeout(() => { if (wait.isConnected) said.textContent = first; }, 1000);
    buttons.forEach((b) => { b.dataset.waits = b.disabled = true; });
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0) {
        wait.textContent = clock.replace('{t}', `${left / 60 | 0}:${String(left % 60).padStart(2, 0)}`);
        return setTimeout(tick, 500);
      }
      buttons.forEach((b) => { delete b.dataset.waits; b.disabled = sent; });
      wait.remove();
      said.className = 'hint';
      said.textContent = now;
    };
    tick();
  }
})();
