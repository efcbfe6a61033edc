/** Puts the focus on the heading of a page that was gone to, also where the heading comes after its data. */
class PageFocus {
  /** What had the focus when a page without a heading was shown; undefined while none is awaited. */
  #left: Element | null | undefined;

  /** A page is shown, with its heading where it has one already. */
  moveTo(heading: HTMLElement | undefined): void {
    this.#left = heading ? undefined : document.activeElement;
    heading?.focus({ preventScroll: true });
  }

  /** A heading has come. Somebody who has gone on meanwhile stays where they are. */
  arrive(heading: HTMLElement): void {
    const { activeElement, body } = document;
    if (this.#left === undefined) return;
    if (activeElement === this.#left || activeElement === body || activeElement === null) {
      heading.focus({ preventScroll: true });
    }
    this.#left = undefined;
  }
}

export const pageFocus = new PageFocus();
