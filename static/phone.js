// Keeps the phone up to date: each event of the stream means that something arrived, and the page is read anew.
(() => {
  const box = document.getElementById('messages'), state = document.getElementById('state');
  const button = (article) => {
    const digits = article.querySelector('.bubble').textContent.match(/(?<!\d)\d{4,10}(?!\d)/)?.[0];
    if (!digits || !navigator.clipboard) return;
    const copy = Object.assign(document.createElement('button'), { type: 'button', textContent: `Copy ${digits}` });
    copy.onclick = () => navigator.clipboard.writeText(digits).then(() => { copy.textContent = 'Copied'; setTimeout(() => { copy.textContent = `Copy ${digits}`; }, 1500); });
    article.append(copy);
  };
  const refresh = async () => {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    // Without its head: a stylesheet parsed here counts against this page's policy.
    const [, page] = (await answer.text()).split('<main>');
    const fresh = new DOMParser().parseFromString(page, 'text/html').getElementById('messages');
    const seen = new Set([...box.children].map((one) => one.id));
    const kept = [...fresh.children].map((one) => {
      const old = one.id && document.getElementById(one.id);
      if (old) return old;
      const next = document.adoptNode(one);
      if (next.id && !seen.has(next.id)) { next.classList.add('new'); button(next); }
      return next;
    });
    box.replaceChildren(...kept);
  };
  box.querySelectorAll('article').forEach(button);
  const live = new EventSource(document.body.dataset.live);
  live.onopen = () => { state.textContent = 'Live.'; refresh(); };
  live.onerror = () => { state.textContent = 'Looking for the server…'; };
  live.onmessage = refresh;
})();
