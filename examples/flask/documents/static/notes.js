// Adds and removes notes through the JSON API, then shows the page anew.
const send = async (path, options) => {
  const answer = await fetch(path, options);
  if (!answer.ok) alert((await answer.json()).error);
  location.reload();
};

document.querySelector('#add').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = new FormData(event.target).get('text');
  send('/api/notes', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });
});

for (const button of document.querySelectorAll('[data-remove]')) {
  button.addEventListener('click', () => send(`/api/notes/${button.dataset.remove}`, { method: 'DELETE' }));
}
