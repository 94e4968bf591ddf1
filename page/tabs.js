// The tabs of the page, as keyboards expect them: arrows move between them, one is in the order of
// focus. Which panel is in sight is said by body's data-view; the style sheets do the rest.
// Where the page is wide, the lanes are always in sight and have no tab.

export class Tabs {
  constructor(list, onView) {
    this.tabs = [...list.querySelectorAll('[role="tab"]')];
    this.onView = onView;
    for (const tab of this.tabs) tab.addEventListener('click', () => this.show(tab.dataset.view));
    list.addEventListener('keydown', (event) => this.key(event));
    if (this.inOrder.length < this.tabs.length) this.show(this.inOrder[0].dataset.view);
  }

  show(view, focus = false) {
    document.body.dataset.view = view;
    for (const tab of this.tabs) {
      const selected = tab.dataset.view === view;
      tab.setAttribute('aria-selected', String(selected));
      tab.tabIndex = selected ? 0 : -1;
    }
    // On a wide page the lanes are always there, and their tab is not.
    if (!this.inOrder.some((tab) => tab.tabIndex === 0)) this.inOrder[0].tabIndex = 0;
    if (focus) document.getElementById(`panel-${view}`)?.focus();
    this.onView(view);
  }

  /// Those that are in sight.
  get inOrder() {
    return this.tabs.filter((tab) => tab.offsetParent !== null);
  }

  key(event) {
    const tabs = this.inOrder;
    const now = tabs.indexOf(document.activeElement);
    const places = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1 };
    if (now < 0 || !(event.key in places)) return;
    const tab = tabs[(places[event.key] + tabs.length) % tabs.length];
    this.show(tab.dataset.view);
    tab.focus();
    event.preventDefault();
  }
}
