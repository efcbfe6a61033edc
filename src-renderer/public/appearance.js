// Runs before the first paint, so that a person who chose dark never sees a white flash.
(function () {
  var saved = {};
  try {
    saved = JSON.parse(localStorage.getItem('tunebench.appearance') || '{}');
  } catch (error) {
    saved = {};
  }
  var dark =
    saved.theme === 'dark' || (saved.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  var korean =
    saved.language === 'ko' || (saved.language !== 'en' && /^ko\b/i.test(navigator.language || 'en'));
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.documentElement.lang = korean ? 'ko' : 'en';
})();
