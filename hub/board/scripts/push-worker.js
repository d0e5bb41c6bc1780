// Shows what the hub tells by push, and opens its page when that is touched. It stands in front of no page: it
// listens to no fetch, keeps nothing, and goes nowhere but to the hub.
addEventListener('install', () => skipWaiting());

addEventListener('push', event => event.waitUntil(show(event.data)));

addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(visit(ownAddress(event.notification.data)));
});

// A browser wants something shown for every message; what cannot be read is shown as the hub's name.
function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

function show(data) {
  const {title, body, address, lang, tag} = read(data);
  return registration.showNotification(title ?? 'Saikne', {body, lang, tag, renotify: Boolean(tag), data: address});
}

function ownAddress(address) {
  const meant = new URL(address ?? '/', location.origin);
  return meant.origin === location.origin ? meant.href : `${location.origin}/`;
}

// A tab that shows the page already comes forward; else there is a new one, where one may have to sign in first.
async function visit(address) {
  const tabs = await clients.matchAll({type: 'window', includeUncontrolled: true});
  const there = tabs.find(tab => tab.url === address);
  return there ? there.focus() : clients.openWindow(address);
}
