/** A page that was built weeks ago still knows what is stale: the age is read again in the reader's browser. */
for (const item of document.querySelectorAll<HTMLElement>('[data-finished][data-valid-for]')) {
  const age = Date.now() - Date.parse(item.dataset.finished!)
  if (age <= Number(item.dataset.validFor)) continue
  const chip = item.querySelector<HTMLElement>('.chip')
  const word = item.querySelector('.chip-word')
  if (chip === null || word === null) continue
  chip.dataset.tone = 'caution'
  chip.dataset.word = 'stale'
  chip.title = `The run is ${Math.floor(age / 86_400_000)} days old.`
  word.textContent = 'stale'
}

export {}
