// Says that something moved, and waits until the reader asks to see it: no row moves under a hand.
// A tab that nobody looks at lets its stream go: over HTTP/1.1 a browser has six connections to a site in all.
const news = document.querySelector('#news'), live = document.querySelector('#live');
let source;

function say(state) {
  live.dataset.state = state;
  live.textContent = live.dataset[state];
}

function follow() {
  source?.close();
  source = undefined;
  if (document.visibilityState === 'hidden') return say('off');
  source = new EventSource(`/news?since=${news.dataset.since}`);
  source.onopen = () => say('on');
  source.onerror = () => say('off');
  source.addEventListener('moved', event => {
    news.textContent = event.data;
    news.hidden = false;
  });
}

news.addEventListener('click', () => location.reload());
document.addEventListener('visibilitychange', follow);
addEventListener('pagehide', () => source?.close());
follow();
